"""What is looked at before any failover, as AWS tells it: its state, what waits, where it goes, when the last was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from collectors.aws.answers import Answer, many, text, within
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect, Expired
from collectors.safe import sanitise
from console.actions.check import Check, Override, Verdict, found, passed
from console.actions.failovers.told import Events, Told

SOON = timedelta(minutes=30)  # maintenance that comes by then may meet it
RECENT = timedelta(minutes=15)  # after a failover, in which RDS may not attempt another
MANY = 3  # that fail in one zone are no accident
WAIT = "Wait until it is, then ask again."


def status(told: str, fine: Iterable[str], now: datetime, name: str, only: str) -> Check:
    """``only``: as one says what AWS does with what is fine."""
    allowed = tuple(sorted(fine))
    if told in allowed:
        return passed("status", now, f"{name} is {told}.")
    words = " or ".join(f'"{word}"' for word in allowed)
    lines = (f"{name} is {told or 'in no state that AWS tells'}.", f"{only} only what is {words}", WAIT)
    return found("status", Verdict.BLOCK, now, lines)


def none_creating(snapshots: Sequence[Answer], now: datetime, name: str) -> Check:
    creating = [text(each, "DBSnapshotIdentifier") for each in snapshots if text(each, "Status") == "creating"]
    if not creating:
        return passed("creating", now, "No snapshot of it is being made.")
    lines = (f"A snapshot of {name} is being made.", sanitise(creating[0]), "Wait for its end: it is worth having.")
    return found("creating", Verdict.BLOCK, now, lines)


def zone(az: str, failing: Sequence[str], now: datetime) -> Check:
    """Whoever goes to a zone that is ill is out of the frying pan."""
    if not az:
        told = ("In which zone it would be is not known.", "AWS does not tell it", "Look at the map, `m`.")
        return found("zone", Verdict.UNKNOWN, now, told, Override.REASON)
    if not failing:
        return passed("zone", now, f"Nothing else of the estate fails in {az}.")
    others = "1 other shows a failure" if len(failing) == 1 else f"{len(failing)} others show failures"
    lines = (f"{others} in {az}, where it would go.", ", ".join(failing),
             "Look whether the zone is ill before you go there.")  # fmt: skip
    return found("zone", Verdict.BLOCK if len(failing) >= MANY else Verdict.WARN, now, lines, Override.REASON)


def recent(events: Events, over: Told | None, now: datetime) -> Check:
    """``over``: the last that was. RDS may take a request and not attempt it."""
    if events is None:
        told = ("Whether it has failed over lately is not known.", "its events cannot be read",
                "Allow DescribeEvents.")  # fmt: skip
        return found("recent", Verdict.UNKNOWN, now, told, Override.REASON)
    if over is None or now - over.at >= RECENT:
        return passed("recent", now, "It has not failed over in the last 15 minutes.")
    ago = (now - over.at).total_seconds() / 60
    lines = (f"It failed over {ago:.0f} min ago.", str(over), "AWS may not attempt another so soon: wait, or say why.")
    return found("recent", Verdict.BLOCK, now, lines, Override.REASON)


async def due(reader: Reader, arn: str) -> Answer | CannotCollect:
    """What maintenance RDS has for it, or why it does not say."""
    try:
        return await reader.call("rds", "DescribePendingMaintenanceActions", ResourceIdentifier=arn)
    except Expired:
        raise
    except CannotCollect as trouble:
        return trouble


def pending(answers: Sequence[Answer], due: Answer | CannotCollect, now: datetime) -> Check:
    """C8: what waits for a restart comes with this one. Values are not told: there are passwords among them."""
    waits = [each for answer in answers for each in _waiting(answer)]
    if isinstance(due, CannotCollect):
        if not waits:
            lines = ("Whether maintenance is due is not known.", due.seen or due.what,
                     "Allow rds:DescribePendingMaintenanceActions, or look in the console of RDS.")  # fmt: skip
            return found("pending", Verdict.UNKNOWN, now, lines, Override.CONFIRM)
    else:
        waits += _maintenance(due, now)
    if not waits:
        return passed("pending", now, "No change of it waits, and no maintenance is due.")
    it_waits = "A change waits: it" if len(waits) == 1 else f"{len(waits)} changes wait: they"
    lines = (f"{it_waits} may come with this restart.", ", ".join(waits), "Confirm what may come too.")
    return found("pending", Verdict.BLOCK, now, lines, Override.CONFIRM)


def _waiting(answer: Answer) -> Iterator[str]:
    modified = within(answer, "PendingModifiedValues")
    yield from sorted(modified) if isinstance(modified, dict) else ()
    for group in many(answer, "DBParameterGroups"):
        if text(group, "ParameterApplyStatus") == "pending-reboot":
            yield f"settings of the parameter group {text(group, 'DBParameterGroupName')}"


def _maintenance(told: Answer, now: datetime) -> Iterator[str]:
    for resource in many(told, "PendingMaintenanceActions"):
        for action in many(resource, "PendingMaintenanceActionDetails"):
            due = within(action, "CurrentApplyDate")
            if isinstance(due, datetime) and (due if due.tzinfo else due.replace(tzinfo=UTC)) - now <= SOON:
                yield f"maintenance: {text(action, 'Action')}"


async def instance(reader: Reader, name: str) -> Answer:
    """Raises `CannotCollect` where RDS has none of that name."""
    answer = await reader.call("rds", "DescribeDBInstances", DBInstanceIdentifier=name)
    listed = many(answer, "DBInstances")
    if not listed:
        raise CannotCollect(f"RDS knows no {name} any more.", mend="Refresh with Ctrl+R and look again.")
    return listed[0]


def same(answer: Answer, *names: str) -> dict[str, str]:
    """Of the fingerprint."""
    return {name: str(told) for name in names if (told := within(answer, name)) is not None}
