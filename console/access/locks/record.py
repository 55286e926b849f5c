"""How is the holder of a lock written down, and is what is read there one at all?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from collectors.safe import Safe, sanitise
from console.access.locks.border import Holder, NoLock

_LONGEST = 200  # characters: a parameter has room for four thousand
_LATEST = 253_402_300_799_000  # the last second that a `datetime` knows


class Record(BaseModel):
    """What is kept for one key. Times are milliseconds. ``after``: the fence of the record that this one took over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    key: str
    op: str = Field(min_length=1)
    action: Safe
    who: Safe
    since: int = Field(ge=0, le=_LATEST)
    until: int = Field(ge=0, le=_LATEST)
    after: int = Field(default=0, ge=0)
    ended: bool = False

    @property
    def holder(self) -> Holder:
        return Holder(sanitise(self.op), self.action, self.who, _time(self.since), _time(self.until))

    @property
    def fence(self) -> int:
        return self.after + 1

    def keeps_out(self, op: str, now: datetime) -> bool:
        """Whether another operation than this one must wait for it."""
        return not self.ended and self.op != op and not _time(self.until) < now

    def is_held_by(self, op: str, now: datetime) -> bool:
        return not self.ended and self.op == op and now <= _time(self.until)

    def text(self) -> str:
        return self.model_dump_json()


def record(key: str, holder: Holder, after: int) -> Record:
    return Record(
        key=key,
        op=sanitise(holder.op, _LONGEST),
        action=sanitise(holder.action, _LONGEST),
        who=sanitise(holder.who, _LONGEST),
        since=millis(holder.since),
        until=millis(holder.until),
        after=after,
    )


def read(text: str | bytes, key: str, where: str) -> Record:
    """What cannot be read may be somebody's all the same."""
    try:
        found = Record.model_validate_json(text)
    except ValidationError as error:
        raise _odd(where, f"{error.error_count()} things in it are not right") from None
    if found.key != key:
        raise _odd(where, "it is of another resource")
    return found


def described(values: Mapping[str, object], key: str, where: str) -> Record:
    """As `read`, of what is no text."""
    try:
        return Record.model_validate({**values, "key": key})
    except ValidationError as error:
        raise _odd(where, f"{error.error_count()} things in it are not right") from None


def millis(when: datetime) -> int:
    return round(when.timestamp() * 1000)


def _time(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def _odd(where: str, seen: str) -> NoLock:
    mend = "See that no action is in flight, then delete it."
    return NoLock(f"The lock {sanitise(where)} cannot be read.", seen=seen, mend=mend)
