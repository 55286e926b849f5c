"""How is a record told to a person: when, who, what, to what, and how did it end?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from collectors.safe import Safe, sanitise
from console.audit.beginning import FORMER
from console.audit.plain import Plain
from console.audit.record import Event, Record

HEADINGS = ("TIME", "WHO", "WHAT", "RESOURCE", "OP", "OUTCOME")
_FIRST = ("said", "outcome", "what", "seen", "reason", "text", "mend")  # of the data: sentences that need no name
MOST = 160  # characters of an outcome
_ESTATE = "estate"  # it is said once, where the session starts
_WHOLE = frozenset({"plan", "checks"})  # what they come to is said besides
_GIVEN = "given"  # to get past checks
BAD_HASH = "✗ hash is wrong"


@dataclass(frozen=True, slots=True)
class Told:
    time: Safe
    who: Safe
    what: Safe
    resource: Safe
    op: Safe  # by which it is asked for
    outcome: Safe

    def cells(self) -> tuple[Safe, ...]:
        return self.time, self.who, self.what, self.resource, self.op, self.outcome


def told(record: Record, *, is_whole: bool, most: int = MOST, is_brief: bool = False) -> Told:
    """Each text passes the one way in again: a file that anybody could have written is outside.

    ``is_brief``: for a line on a screen, without plans as they stand in the record.
    """
    name = record.who.src or record.who.arn.rpartition("/")[2]
    outcome = "; ".join(([] if is_whole else [BAD_HASH]) + list(_outcome(record, _WHOLE if is_brief else frozenset())))
    return Told(
        time=sanitise(f"{record.ts[:19].replace('T', ' ')}Z"),
        who=sanitise(f"{name} ({record.who.role})" if record.who.role else name),
        what=sanitise(f"{record.ev} {record.act}".strip()),
        resource=sanitise(record.res.rpartition(":")[2]),
        op=sanitise(record.op),
        outcome=sanitise(outcome, most),
    )


def _outcome(record: Record, left_out: frozenset[str]) -> Iterator[str]:
    hidden = left_out | ({FORMER} if record.ev == Event.SESSION_START else {FORMER, _ESTATE})
    data = {name: value for name, value in record.data.items() if name not in hidden and value not in ("", None, [])}
    if isinstance(given := data.pop(_GIVEN, None), dict):
        yield _given(given)
    for name in _FIRST:
        if name in data:
            yield _words(data.pop(name))
    yield from (f"{name}={_words(value)}" for name, value in data.items())


def _given(given: Mapping[str, Plain]) -> str:
    past = _words(given.get("overrides", [])).strip("[]")
    words = f"past {past}: {_words(given.get('reason', ''))}" if past else "nothing was overridden"
    return f"GLASS BROKEN, {words}" if given.get("glass") is True else words


def _words(value: Plain) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case dict():
            return "{" + ", ".join(f"{name}={_words(each)}" for name, each in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_words, value)) + "]"
    return str(value)


def table(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Aligned, the last column as long as it is."""
    whole = [HEADINGS, *rows]
    widths = [max(map(len, column)) for column in zip(*whole, strict=True)][:-1]
    for row in whole:
        yield "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip()
