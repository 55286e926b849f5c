"""How are rows and judgements told as facts: links by the names of their ends, and slots?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from collectors.inside.replication import Link, Slot
from collectors.postgres.rows import Copy, Here, SlotRow
from collectors.postgres.told import LACKING, Told, words
from collectors.readings import ResourceId
from collectors.safe import NO_TEXT, Safe, sanitise

KnownAs = Callable[[str], ResourceId | None]
MODES = {"async": "asynchronous", "sync": "synchronous", "quorum": "quorum", "potential": "potentially synchronous"}
NAMELESS = "walreceiver"  # what a replica calls itself to which nobody gave a name
LOCAL = Safe("local")  # over a socket of the machine itself


def upstream(about: ResourceId, here: Here, told: Told, known_as: KnownAs) -> Link:
    return _link(told, source=source_name(here, known_as), copy=about, mode=Safe("physical"), more=_more(here))


def source_of(here: Here, known_as: KnownAs) -> ResourceId | None:
    """The resource that it follows, where the inventory knows it."""
    return known_as(here.sender_host) if here.sender_host else None


def source_name(here: Here, known_as: KnownAs) -> Safe:
    if not here.sender_host:
        return NO_TEXT
    port = f":{here.sender_port}" if here.sender_port else ""
    return source_of(here, known_as) or sanitise(f"{here.sender_host}{port}", 300)


def downstream(about: ResourceId, copy: Copy, told: Told, known_as: KnownAs) -> Link:
    how = MODES.get(copy.sync_state or "", copy.sync_state or "")
    mode = words(", ".join(filter(None, (copy.slot_type or "physical", how))))
    more = ((Safe("slot"), words(copy.slot_name)),) if copy.slot_name else ()
    return _link(told, source=about, copy=_copy_name(copy, known_as), mode=mode, more=more)


def _copy_name(copy: Copy, known_as: KnownAs) -> Safe:
    """As the inventory knows it, else as it calls itself, else where it is."""
    names = [copy.client_hostname, copy.client, copy.application_name]
    for name in filter(None, names):
        if (known := known_as(name)) is not None:
            return known
    own = "" if copy.application_name in (None, NAMELESS) else copy.application_name
    return words(own or copy.slot_name or copy.client_hostname or copy.client) or LOCAL


def _link(told: Told, *, source: Safe, copy: Safe, mode: Safe, more: tuple[tuple[Safe, Safe], ...]) -> Link:
    return Link(
        source=source,
        copy=copy,
        state=told.state,
        told=told.said,
        mode=mode,
        lag=told.lag,
        unsent=told.unsent,
        unapplied=told.unapplied,
        heard=told.heard,
        why=told.why,
        more=more,
    )


def _more(here: Here) -> tuple[tuple[Safe, Safe], ...]:
    return tuple(_told_besides(here))


def _told_besides(here: Here) -> Iterator[tuple[Safe, Safe]]:
    if here.replayed_at is not None:
        yield Safe("last commit applied"), sanitise(here.replayed_at.isoformat(sep=" ", timespec="seconds"), 50)
    if here.delay_ms:
        yield Safe("delay asked for"), sanitise(f"{here.delay_ms / 1000:g} s", 50)
    if here.receiver_slot:
        yield Safe("slot"), words(here.receiver_slot)
    if here.conflicts:
        yield Safe("queries cancelled by conflicts"), sanitise(str(here.conflicts), 50)


def slots(rows: Iterable[SlotRow]) -> tuple[Slot, ...]:
    return tuple(_slot(row) for row in rows)


def _slot(row: SlotRow) -> Slot:
    return Slot(
        name=words(row.slot_name),
        active=row.active,
        kept=None if row.kept is None else max(0, row.kept),
        state=words(row.wal_status),
        inactive_since=row.inactive_since,
    )


def notes(here: Here) -> tuple[Safe, ...]:
    """What could not be seen."""
    return () if here.may_see else (LACKING,)
