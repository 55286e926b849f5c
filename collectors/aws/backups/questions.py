"""What is asked of one place about backups, how often, and what it last answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from collectors.aws.allowed import grant
from collectors.aws.answers import Answer, many
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect, Denied, Expired
from collectors.safe import Safe, sanitise

SELDOM = timedelta(minutes=15)
ABROAD = timedelta(minutes=5)  # what is kept in another region moves every five minutes
IN_EACH_PASS = timedelta(0)
A_PAGE = 100  # rows, of RDS
FEW = 1_000  # rows: ten pages a minute bother nobody
BETWEEN = timedelta(seconds=6)  # two pages of a long list, on average over the time until it is asked for again
EARLY = timedelta(seconds=5)  # a pass that comes a moment too soon need not wait for the next


@dataclass(frozen=True, slots=True)
class Question:
    """``key`` is the list that is wanted of each page; ``asked`` are AWS's own parameters."""

    service: str
    operation: str
    key: str
    every: timedelta = IN_EACH_PASS
    asked: tuple[tuple[str, Any], ...] = ()
    region: str = ""  # another than the place's own

    @property
    def grant(self) -> str:
        return grant(self.service, self.operation)


Rows = tuple[Answer, ...]


@dataclass(slots=True)
class Answered:
    """What one place last answered. What cannot be read in a pass stays what it was, and is said to be old."""

    rows: dict[Question, Rows] = field(default_factory=dict)
    at: dict[Question, datetime] = field(default_factory=dict)
    notes: dict[Question, Safe] = field(default_factory=dict)

    def of(self, question: Question) -> Rows:
        return self.rows.get(question, ())

    def is_due(self, question: Question, now: datetime) -> bool:
        """A list that is long is asked for less often."""
        asked, count = self.at.get(question), len(self.of(question))
        every = question.every if count <= FEW else max(question.every, BETWEEN * (count // A_PAGE))
        return asked is None or not timedelta(0) <= now - asked < every - EARLY

    def put(self, question: Question, rows: Rows, now: datetime) -> None:
        self.rows[question], self.at[question] = rows, now
        self.notes.pop(question, None)

    def refused(self, question: Question, trouble: Denied, now: datetime) -> None:
        """What may not be asked is not known any more, whatever was answered before."""
        self.rows.pop(question, None)
        self.at[question] = now
        self.notes[question] = sanitise(f"Not seen for want of {trouble.grant}.")

    def failed(self, question: Question) -> None:
        """Asked again in the next pass."""
        last = self.at.pop(question, None)
        since = f"since {last:%H:%M} UTC" if last else "yet"
        if question not in self.notes or last:
            self.notes[question] = sanitise(f"{question.grant} was not answered {since}.")

    def notes_of(self, questions: Iterable[Question]) -> Iterator[Safe]:
        """What could not be seen, and what was not asked yet."""
        for question in questions:
            if note := self.notes.get(question):
                yield note
            elif question not in self.at:
                yield sanitise(f"{question.grant} was not answered yet.")


class Asking:
    """One pass over one place. Credentials that have ended end it; other troubles are kept for its end."""

    def __init__(self, reader: Reader, answered: Answered, now: datetime) -> None:
        self._reader = reader
        self._answered = answered
        self._now = now
        self.troubles: list[CannotCollect] = []

    async def ask(self, question: Question, *, by: Reader | None = None, needed: bool = False) -> bool:
        """Whether what is known of it is of this pass, or is not due yet.

        ``needed``: without it there is nothing to tell, so that not to be allowed is trouble, and not a note.
        """
        if not self._answered.is_due(question, self._now):
            return True
        try:
            rows = await read(by or self._reader, question)
        except Expired:
            raise
        except Denied as denied:
            self._answered.refused(question, denied, self._now)
            if needed:
                self.troubles.append(denied)
            return False
        except CannotCollect as trouble:
            self._answered.failed(question)
            self.troubles.append(trouble)
            return False
        self._answered.put(question, rows, self._now)
        return True

    async def call(self, question: Question, **asked: Any) -> Mapping[str, Any] | None:
        """One answer about one thing, without which there is nothing to tell of it; None where there was none."""
        try:
            return await self._reader.call(question.service, question.operation, **asked)
        except Expired:
            raise
        except CannotCollect as trouble:
            self.troubles.append(trouble)
        return None


async def read(reader: Reader, question: Question) -> Rows:
    pages = reader.pages(question.service, question.operation, **dict(question.asked))
    return tuple([row async for page in pages for row in many(page, question.key)])
