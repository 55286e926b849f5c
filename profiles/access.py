"""When may nothing be changed, who must agree, and what keeps two consoles from changing the same thing at once?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from profiles.estate import Concerns, Region
from profiles.fields import Duration, Flag, Part, Patterns, Text, filled, listed, matching, one_of, refuse, whole

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d|24:00"
_ONCE = "a time, as 2026-12-20T18:00:00Z; with days a time of day, as 18:00"
_LONGEST_COOL_DOWN = 7 * 86_400.0

Day = Annotated[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], BeforeValidator(one_of(DAYS))]


def _time(value: object) -> str:
    """A moment, or a time of day: which of them it must be, the days decide."""
    if isinstance(value, datetime):
        value = value.isoformat()
    elif isinstance(value, date):
        value = f"{value.isoformat()}T00:00:00+00:00"
    elif isinstance(value, time):
        value = f"{value:%H:%M}"
    return matching(rf"{_CLOCK}|\d{{4}}-\d\d-\d\d([T ][\d:.]+(Z|[+-]\d\d:\d\d)?)?", _ONCE)(value)


def _moment(value: datetime) -> datetime:
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


Time = Annotated[str | None, BeforeValidator(lambda value: None if value is None else _time(value))]


class FreezeWindow(Part):
    """A time in which nothing is changed: once, or each week on some days. What has no zone is UTC."""

    name: Text = Field(description="What whoever is refused reads: `Q4 close`.")
    days: Annotated[tuple[Day, ...], BeforeValidator(listed)] = Field(
        default=(), description="The days of the week on which it begins: mon, tue, wed, thu, fri, sat, sun."
    )
    from_: Time = Field(default=None, alias="from", description="When it begins; with days the whole day if left out.")
    until: Time = Field(
        default=None, description="When it ends; with days a time of day, of the next day if it is not after from."
    )

    @model_validator(mode="after")
    def _fits(self) -> FreezeWindow:
        for key, said in (("from", self.from_), ("until", self.until)):
            if said is None and not self.days:
                refuse("is missing", at=(key,), allowed="a time, or days for each week", found="")
            if said is not None and (len(said) == len("24:00")) != bool(self.days):
                refuse("goes with days" if not self.days else "does not go with days", at=(key,), allowed=_ONCE,
                       found=said)  # fmt: skip
        if not self.days and not self.start < self.end:
            refuse("is not after from", at=("until",), allowed="a later time", found=self.until)
        return self

    @property
    def start(self) -> datetime:
        """Of one that is once."""
        return _parsed(self.from_, "from")

    @property
    def end(self) -> datetime:
        return _parsed(self.until, "until")


def _parsed(said: str | None, key: str) -> datetime:
    try:
        return _moment(datetime.fromisoformat(said or ""))
    except (ValueError, OverflowError):
        refuse("is no time", at=(key,), allowed=_ONCE, found=said)


class FreezeFile(Part):
    """What may stand in a file of its own, beside the profile: whoever is on call need not edit that."""

    passive: Flag = Field(default=False, description="Whether nothing at all is changed from here, snapshots neither.")
    freezes: tuple[FreezeWindow, ...] = Field(default=(), description="Times in which nothing is changed.")


class Approvals(Concerns):
    """What a second person must agree to."""

    actions: Annotated[Patterns, AfterValidator(filled)] = Field(
        default=("*",), description="Names of actions, with `*` and `?`."
    )
    needed: Annotated[int, BeforeValidator(whole(1, 5))] = Field(
        default=1, description="How many others must approve: 1 to 5."
    )


_LOCKS = ("file", "dynamodb", "ssm")
_NEEDS = {"dynamodb": "table", "ssm": "parameters", "file": None}


class Lock(Part):
    """What keeps two consoles from acting on the same cluster at once."""

    kind: Annotated[Literal["file", "dynamodb", "ssm"], BeforeValidator(one_of(_LOCKS))] = Field(
        default="file",
        description="file covers consoles that share a folder; dynamodb and ssm cover all that use the account.",
    )
    table: Annotated[
        str, BeforeValidator(matching(r"[A-Za-z0-9_.-]{3,255}", "the name of a table, with a key `pk` of type S"))
    ] | None = Field(default=None, description="dynamodb: the table, whose only key is `pk`, a string.")  # fmt: skip
    parameters: Annotated[
        str, BeforeValidator(matching(r"(/[A-Za-z0-9_.-]+){1,10}", "a path such as /dbconsole/locks"))
    ] | None = Field(default=None, description="ssm: the path under which each cluster has a parameter.")  # fmt: skip
    folder: Text | None = Field(
        default=None, description="file: the folder, which a group may share; the console's own state if left out."
    )
    region: Region | None = Field(
        default=None, description="dynamodb, ssm: where the table or the parameters are; each target's own if left out."
    )

    @model_validator(mode="after")
    def _fits(self) -> Lock:
        given = {"table": self.table, "parameters": self.parameters, "folder": self.folder, "region": self.region}
        needed = _NEEDS[self.kind]
        if needed is not None and given[needed] is None:
            refuse(f"is missing: a lock of {self.kind} needs it", at=(needed,), found="")
        its_own = {needed, "region"} if needed else {"folder"}
        for key, said in given.items():
            if said is not None and key not in its_own:
                refuse(f"has no meaning for a lock of {self.kind}", at=(key,), found=said)
        return self


def _cool_down(seconds: float) -> float:
    if seconds > _LONGEST_COOL_DOWN:
        refuse("is out of range", allowed="0 s to 7 d")
    return seconds


class Access(FreezeFile):
    """When actions are refused, whoever asks; and what goes before one."""

    freeze_file: Text | None = Field(
        default=None,
        description="A file with `passive` and [[freezes]] that is read anew each time; from the profile's folder. "
        "One that is not there freezes nothing.",
    )
    calendars: Patterns = Field(
        default=(), description="Change calendars of Systems Manager, by name or ARN: nothing is changed while closed."
    )
    lock: Lock = Field(default=Lock(), description="What keeps two consoles apart.")
    approvals: tuple[Approvals, ...] = Field(
        default=(), description="What needs others to agree; where several fit, the one that asks for most."
    )
    allowed_signers: Text | None = Field(
        default=None,
        description="Whose SSH signatures approve, as `man ssh-keygen` has it: NAME KEYTYPE KEY, by the names that IAM "
        "knows them by. It must belong to root or yourself, and nobody else may write to it.",
    )
    cool_downs: dict[Text, Annotated[Duration, AfterValidator(_cool_down)]] = Field(
        default_factory=dict,
        description="How long after an action its cluster is left alone, unless somebody acknowledges it: its name to "
        "a duration. What is not named here keeps its own.",
    )

    @model_validator(mode="after")
    def _can_be_signed(self) -> Access:
        if self.approvals and self.allowed_signers is None:
            refuse("is missing: without it nobody can approve", at=("allowed_signers",), found="")
        return self

    def beside(self, folder: Path) -> Access:
        """With its files as paths from the folder of the profile."""

        def found(name: str | None) -> str | None:
            return None if name is None else str((folder / Path(name).expanduser()).absolute())

        at = found(self.lock.folder)
        lock = self.lock.model_copy(update={"folder": at}) if at else self.lock
        files = {"freeze_file": found(self.freeze_file), "allowed_signers": found(self.allowed_signers), "lock": lock}
        changed = {key: value for key, value in files.items() if value != getattr(self, key)}
        return self.model_copy(update=changed)
