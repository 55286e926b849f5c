"""What do we cost a server, question by question, and may one be asked again yet? Pure: the clock is passed in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from collectors.safe import NO_TEXT, Safe, sanitise

MINUTE_S = 60.0
MINUTES = 10  # that are remembered
MOST_QUESTIONS = 100  # that are counted one by one: there are a dozen
OTHERS = Safe("others")
BUDGET = 0.05


@dataclass(frozen=True, slots=True)
class Purse:
    """The time that one question may take of its server: it fills by its share, to what a minute brings.

    So over any time that is looked at, what was spent is at most the share of it, a minute's share and one statement.
    """

    left_s: float
    at: float

    def filled(self, now: float, budget: float) -> Purse:
        grown = self.left_s + max(0.0, now - self.at) * budget
        return Purse(min(grown, budget * MINUTE_S), now)

    def spent(self, seconds: float, now: float, budget: float) -> Purse:
        filled = self.filled(now, budget)
        return Purse(filled.left_s - seconds, now)

    def wait(self, now: float, budget: float) -> timedelta:
        """How long until it may be asked again."""
        owed = -self.filled(now, budget).left_s
        return timedelta(seconds=max(0.0, owed / budget))


@dataclass(frozen=True, slots=True)
class Minute:
    """What was asked in one minute."""

    number: int  # since the clock's zero
    statements: int = 0
    failed: int = 0
    seconds: float = 0.0
    rows: int = 0

    def with_(self, seconds: float, rows: int, *, failed: bool) -> Minute:
        return replace(
            self, statements=self.statements + 1, failed=self.failed + failed,
            seconds=self.seconds + seconds, rows=self.rows + rows,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spent:
    """One question: its newest minutes, the newest last; a minute in which it was not asked is missing."""

    question: Safe
    minutes: tuple[Minute, ...]
    purse: Purse
    budget: float

    def share(self, now: float) -> float:
        """The part of the time, by the minutes that are remembered, in which the server works for this question."""
        recent = [minute for minute in self.minutes if minute.number > now // MINUTE_S - MINUTES]
        if not recent:
            return 0.0
        return sum(minute.seconds for minute in recent) / max(MINUTE_S, now - recent[0].number * MINUTE_S)


@dataclass(frozen=True, slots=True)
class Load:
    """What one server is asked by us. ``seconds`` are as they are seen from here: the line's time is in them."""

    questions: tuple[Spent, ...] = ()
    connections: int = 0  # that are open
    most_connections: int = 0
    hanging: int = 0  # of them, those that were given up and do not come back
    driver: Safe = NO_TEXT
    warning: Safe = NO_TEXT  # of what is not verified

    def share(self, now: float) -> float:
        return sum(each.share(now) for each in self.questions)


@dataclass(slots=True)
class Book:
    """What is kept for one server."""

    budget: float = BUDGET
    _spent: dict[Safe, Spent] = field(default_factory=dict)

    def wait(self, question: str, now: float) -> timedelta:
        """How long it is not to be asked; nothing where it may be now."""
        spent = self._spent.get(sanitise(question, 100))
        return spent.purse.wait(now, self.budget) if spent else timedelta(0)

    def note(self, question: str, now: float, seconds: float, rows: int, *, failed: bool) -> None:
        name = sanitise(question, 100)
        if name not in self._spent and len(self._spent) >= MOST_QUESTIONS:
            name = OTHERS
        full = Purse(self.budget * MINUTE_S, now)
        before = self._spent.get(name) or Spent(name, (), full, self.budget)
        minutes = noted(before.minutes, int(now // MINUTE_S), seconds, rows, failed=failed)
        purse = before.purse.spent(seconds, now, self.budget)
        self._spent[name] = replace(before, minutes=minutes, purse=purse)

    @property
    def spent(self) -> tuple[Spent, ...]:
        return tuple(self._spent.values())


def noted(minutes: tuple[Minute, ...], number: int, seconds: float, rows: int, *, failed: bool) -> tuple[Minute, ...]:
    """With one statement more; what is too old is forgotten."""
    kept = tuple(minute for minute in minutes if number - MINUTES < minute.number < number)
    current = next((minute for minute in minutes if minute.number == number), Minute(number))
    return (*kept, current.with_(seconds, rows, failed=failed))
