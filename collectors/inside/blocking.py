"""Who holds up whom? Trees of sessions: at each root is one that waits for nobody, and that may be idle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from collectors.inside.sessions import NOBODY, Session
from collectors.safe import NO_TEXT, Safe

Guides = tuple[bool, ...]
"""For each level above a session, and for its own last: whether a brother of it is still to come."""


@dataclass(frozen=True, slots=True)
class Blocker:
    """One session of a tree, with everybody behind it. Sums are of those behind it, not of itself."""

    id: int
    session: Session | None  # None: it is not listed: gone since, hidden from us, or no session at all
    behind: tuple[Blocker, ...] = ()  # who waits for it directly, those who hold up most first
    total: int = 0
    waited_ms: float = 0.0
    longest_ms: float = 0.0
    held: Safe = NO_TEXT  # what it is, where it is no session
    circle: tuple[int, ...] = ()  # each of these waits for the next, and the last for the first: a deadlock in flight


def chains(rows: Iterable[Session]) -> tuple[Blocker, ...]:
    """The roots, those with most behind them first. Each session has one place; who waits for itself is not blocked."""
    there: dict[int, Session] = {}
    for row in rows:
        there.setdefault(row.id, row)
    waits_for = {row.id: row.blocked_by for row in there.values() if row.blocked_by not in {NOBODY, row.id}}
    circles = {circle[0]: circle for circle in _circles(waits_for)}
    for first in circles:
        del waits_for[first]
    behind: dict[int, list[int]] = {}
    for waiting, blocker in waits_for.items():
        behind.setdefault(blocker, []).append(waiting)
    roots = [blocker for blocker in behind if blocker not in waits_for]
    return _ordered(_tree(root, behind, there, circles.get(root, ())) for root in roots)


def walk(root: Blocker) -> Iterator[tuple[Blocker, Guides]]:
    """The tree from the root on, each before those behind it."""
    stack: list[tuple[Blocker, Guides]] = [(root, ())]
    while stack:
        each, guides = stack.pop()
        yield each, guides
        last = len(each.behind) - 1
        stack += [(child, (*guides, n < last)) for n, child in reversed(tuple(enumerate(each.behind)))]


def _circles(waits_for: Mapping[int, int]) -> Iterator[tuple[int, ...]]:
    """Those of sessions that wait for each other, from the least id on. Each waits for one: circles share nobody."""
    seen: set[int] = set()
    for start in waits_for:
        path: list[int] = []
        on_path: dict[int, int] = {}
        each = start
        while each in waits_for and each not in seen:
            seen.add(each)
            on_path[each] = len(path)
            path.append(each)
            each = waits_for[each]
        if each in on_path:
            circle = path[on_path[each] :]
            least = circle.index(min(circle))
            yield (*circle[least:], *circle[:least])


def _tree(root: int, behind: Mapping[int, list[int]], there: Mapping[int, Session], circle: tuple[int, ...]) -> Blocker:
    order = [root]
    for each in order:  # grows while it is walked: everybody stands behind somebody before
        order += behind.get(each, ())
    made: dict[int, Blocker] = {}
    for each in reversed(order):
        made[each] = _one(each, there, [made[child] for child in behind.get(each, ())], circle if each == root else ())
    return made[root]


def _one(each: int, there: Mapping[int, Session], children: list[Blocker], circle: tuple[int, ...]) -> Blocker:
    waits = [child.session.wait_ms for child in children if child.session is not None]
    told = (child.session.held for child in children if child.session is not None and child.session.held)
    return Blocker(
        id=each,
        session=there.get(each),
        behind=_ordered(children),
        total=len(children) + sum(child.total for child in children),
        waited_ms=sum(waits) + sum(child.waited_ms for child in children),
        longest_ms=max([*waits, *(child.longest_ms for child in children)], default=0.0),
        held=next(told, NO_TEXT) if each < 0 else NO_TEXT,
        circle=circle,
    )


def _ordered(blockers: Iterable[Blocker]) -> tuple[Blocker, ...]:
    def weight(each: Blocker) -> tuple[int, float, int]:
        own = each.session.wait_ms if each.session is not None else 0.0
        return -each.total, -max(own, each.longest_ms), each.id

    return tuple(sorted(blockers, key=weight))
