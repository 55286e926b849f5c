"""Does a copy still follow its source? What a dead or a stopped link means, and what a source keeps in vain."""

from __future__ import annotations

from collections.abc import Iterator

from collectors.inside.replication import DEAD, Distance, Link, LinkState, Replication, Slot
from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.numbers import number
from console.times import span
from console.triage.finding import Confidence, Finding
from console.triage.frame import Frame

MUCH_KEPT = 1 << 30  # bytes of log for somebody who does not come
LOST = ("lost", "unreserved")  # a slot whose log is gone, or about to be
MIRRORING = "mirroring"


def broken(frame: Frame) -> Iterator[Finding]:
    """The copy grows old, and nothing that it says of its distance is true any more."""
    for link in (*frame.upstream(), *frame.unseen_copies()):
        if link.state in DEAD or link.state is LinkState.PAUSED:
            yield _broken(frame, link)


def _broken(frame: Frame, link: Link) -> Finding:
    stopped = link.state is LinkState.PAUSED
    what = {
        LinkState.BROKEN: f"{link.copy} gets nothing from {link.source}: replication is broken.",
        LinkState.SILENT: f"{link.copy} hears nothing from {link.source}, though nobody closed the link.",
    }.get(link.state, f"{link.copy} applies nothing of what {link.source} sends: replication was stopped.")
    is_mirror = link.mode == MIRRORING
    return Finding(
        id=Safe("mirror-not-synchronised") if is_mirror else Safe("replica-broken"),
        severity=Severity.HIGH if stopped and not is_mirror else Severity.CRITICAL,
        cause=sanitise(what),
        evidence=_evidence(frame, link),
        next=Safe("See why it was stopped, and let it go on.") if stopped else Safe(
            "See the error and the network between the two; do not promote this copy before it has caught up."
        ),
        about=link.copy,
    )  # fmt: skip


def _evidence(frame: Frame, link: Link) -> tuple[Safe, ...]:
    said = [f"state {link.state}" + (f" ({link.told})" if link.told else "")]
    if link.heard is not None:
        said.append(f"last heard {span((frame.now - link.heard).total_seconds())} ago")
    if link.why:
        said.append(str(link.why))
    if link.unsent.is_known:
        said.append(f"{far(link.unsent)} would be lost by promoting it")
    said += [f"{part.name}: {part.told or part.state}" for part in link.parts if part.state in DEAD][:3]
    return tuple(map(sanitise, said))


def far(distance: Distance) -> str:
    """Both units where both are measured."""
    words = []
    if distance.seconds is not None:
        words.append(str(number(distance.seconds, "Seconds")))
    if distance.bytes is not None:
        words.append(str(number(distance.bytes, "Bytes")))
    return ("at least " if distance.at_least and words else "") + (" and ".join(words) or "an unknown amount")


def kept_in_vain(frame: Frame) -> Iterator[Finding]:
    """Log that is kept for nobody fills the volume."""
    fact = frame.fact(Replication)
    for slot in fact.slots if fact else ():
        if slot.active or not (slot.state in LOST or (slot.kept or 0) >= MUCH_KEPT):
            continue
        yield _in_vain(frame, slot)


def _in_vain(frame: Frame, slot: Slot) -> Finding:
    free = frame.value("cloudwatch.FreeStorageSpace")
    said = [f"slot {slot.name} is inactive" + (f", {slot.state}" if slot.state else "")]
    if slot.kept is not None:
        said.append(f"{number(slot.kept, 'Bytes')} of log kept for it")
    if slot.inactive_since is not None:
        said.append(f"inactive for {span((frame.now - slot.inactive_since).total_seconds())}")
    said.append("free storage is not known" if free is None else f"{number(free, 'Bytes')} of storage free")
    return Finding(
        id=Safe("replication-slot-retains-wal"),
        severity=Severity.CRITICAL,
        cause=sanitise(f"Write-ahead log is kept for {slot.name}, and nobody fetches it."),
        evidence=tuple(map(sanitise, said)),
        next=Safe("Let its consumer go on, or drop the slot; max_slot_wal_keep_size bounds it."),
        confidence=Confidence.MEDIUM if free is None else Confidence.HIGH,
        about=slot.name,
    )


RULES = (broken, kept_in_vain)
