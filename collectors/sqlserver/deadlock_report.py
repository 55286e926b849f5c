"""Who met in a deadlock, over what, and who had to give way? Read from the report that the server writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.statement_text import normalise

MOST_CHARACTERS = 2_000_000  # of a report; one with hundreds of parallel workers has some hundred thousand
MOST_TOLD = 4  # participants in one sentence
STATEMENT = 120  # characters of each
_STAMP = re.compile(r'<event\b[^<>]{0,300}\btimestamp="([^"<>]{10,40})"')
_DECLARES = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Participant:
    session: int
    login: Safe
    host: Safe
    program: Safe
    database: Safe
    statement: Safe  # without its literals, cut where it is long
    wanted: Safe  # what it waited for: an object, and in which mode


@dataclass(frozen=True, slots=True)
class Deadlock:
    """Participants as the report has them; a parallel query is one, however many of its workers met."""

    at: datetime
    victims: tuple[int, ...]  # sessions
    participants: tuple[Participant, ...]
    trouble: Safe = NO_TEXT  # why no more is known of it

    def sentence(self) -> Safe:
        """One line: who gave way to whom, over what, and what each ran."""
        if self.trouble:
            return sanitise(f"deadlock; {self.trouble}")
        lost = [each for each in self.participants if each.session in self.victims]
        won = [each for each in self.participants if each.session not in self.victims]
        ended = " and ".join(f"session {each.session}{_whose(each)}" for each in lost[:MOST_TOLD]) or "nobody known"
        against = " and ".join(f"session {each.session}{_whose(each)}" for each in won[:MOST_TOLD])
        over = " and ".join(dict.fromkeys(each.wanted for each in self.participants[:MOST_TOLD] if each.wanted))
        ran = "; ".join(f"{each.session} ran {each.statement}" for each in (*lost, *won)[:MOST_TOLD] if each.statement)
        parts = (
            f"deadlock: {ended} was ended",
            f" in favour of {against}" if against else "",
            f", over {over}" if over else "",
            f"; {ran}" if ran else "",
        )
        return sanitise("".join(parts))


def deadlock(report: str, or_else: datetime) -> Deadlock:
    """``or_else`` is when it happened as far as is known where the report itself does not say."""
    at = _stamp(report) or or_else
    root = _parsed(report)
    if root is None:
        return Deadlock(at, (), (), Safe("its report cannot be read"))
    processes = list(root.iter("process"))
    by_id = {process.get("id", ""): _number(process.get("spid")) for process in processes}
    victims = dict.fromkeys(by_id[v.get("id", "")] for v in root.iter("victimProcess") if v.get("id", "") in by_id)
    wanted = _wanted(root)
    participants: dict[int, Participant] = {}
    for process in processes:
        one = _participant(process, wanted.get(process.get("id", ""), NO_TEXT))
        known = participants.get(one.session)
        if known is None or (not known.wanted and one.wanted):
            participants[one.session] = one
    return Deadlock(at, tuple(victims), tuple(participants.values()))


def _parsed(report: str) -> ET.Element | None:
    """None for what is too large, declares entities or is no XML. Without a declaration there is none to expand."""
    if len(report) > MOST_CHARACTERS or _DECLARES.search(report):
        return None
    try:
        return ET.fromstring(report)  # noqa: S314
    except (ET.ParseError, ValueError):
        return None


def _participant(process: ET.Element, wanted: Safe) -> Participant:
    def said(name: str) -> Safe:
        return sanitise(process.get(name, "").strip(), 128)

    return Participant(
        session=_number(process.get("spid")),
        login=said("loginname"),
        host=said("hostname"),
        program=said("clientapp"),
        database=said("currentdbname"),
        statement=sanitise(normalise(process.findtext("inputbuf") or ""), STATEMENT),
        wanted=wanted,
    )


def _wanted(root: ET.Element) -> dict[str, Safe]:
    """By process: what it waited for."""
    return dict(_waits(root))


def _waits(root: ET.Element) -> Iterator[tuple[str, Safe]]:
    for resources in root.iter("resource-list"):
        for resource in resources:
            for waiter in resource.iter("waiter"):
                yield waiter.get("id", ""), _resource(resource, waiter.get("mode", ""))


def _resource(resource: ET.Element, mode: str) -> Safe:
    """`KEY of orders.dbo.stock (PK_stock), U`, as far as the report names it."""
    kind = resource.tag.removesuffix("lock").upper() or resource.tag
    name, index = resource.get("objectname", "").strip(), resource.get("indexname", "").strip()
    of = f" of {name}" if name else ""
    within = f" ({index})" if index else ""
    return sanitise(f"{kind}{of}{within}{f', {mode}' if mode else ''}", 200)


def _whose(one: Participant) -> str:
    who = ", ".join(filter(None, (one.program or one.login, one.host)))
    return f" ({who})" if who else ""


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else 0


def _stamp(report: str) -> datetime | None:
    found = _STAMP.search(report[:1000])
    if found is None:
        return None
    try:
        at = datetime.fromisoformat(found[1])
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
