"""Who holds up whom, whatever the server says: circles, gaps and sessions that wait for themselves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collectors.inside.blocking import Blocker, chains, walk
from collectors.inside.ranking import most_worrying
from collectors.inside.sessions import NOBODY, Session
from collectors.safe import Safe
from tests.collectors.inside.sessions import session

IDS = st.integers(1, 14)
GRAPHS = st.dictionaries(IDS, st.integers(-3, 18), max_size=14)


def rows(graph: dict[int, int]) -> list[Session]:
    return [session(number, blocker) for number, blocker in graph.items()]


def everybody(roots: tuple[Blocker, ...]) -> list[Blocker]:
    return [each for root in roots for each, _ in walk(root)]


@given(GRAPHS)
def test_everybody_concerned_has_one_place(graph: dict[int, int]) -> None:
    blocked = {number for number, blocker in graph.items() if blocker not in {NOBODY, number}}
    found = [each.id for each in everybody(chains(rows(graph)))]
    assert sorted(found) == sorted(blocked | {graph[number] for number in blocked})


@given(GRAPHS)
def test_counts_and_sums_are_of_those_behind(graph: dict[int, int]) -> None:
    for each in everybody(chains(rows(graph))):
        behind = [other for other, _ in walk(each)][1:]
        waits = [other.session.wait_ms for other in behind if other.session]
        assert each.total == len(behind)
        assert each.waited_ms == sum(waits)
        assert each.longest_ms == max(waits, default=0.0)
        assert all(child.session is not None for child in each.behind)


@given(GRAPHS)
def test_everybody_stands_behind_the_one_it_waits_for(graph: dict[int, int]) -> None:
    roots = chains(rows(graph))
    for each in everybody(roots):
        assert all(graph[child.id] == each.id for child in each.behind)
        assert (each.session is None) == (each.id not in graph)
    for root in roots:
        waits = graph.get(root.id, NOBODY) not in {NOBODY, root.id}
        assert waits == bool(root.circle)


@given(GRAPHS)
def test_a_circle_is_one_that_is_there_and_is_said_once(graph: dict[int, int]) -> None:
    circles = [root.circle for root in chains(rows(graph)) if root.circle]
    for circle in circles:
        assert len(set(circle)) == len(circle) > 1
        assert all(graph[here] == there for here, there in zip(circle, (*circle[1:], circle[0]), strict=True))


@given(GRAPHS, st.randoms())
def test_the_order_in_which_they_are_told_changes_nothing(graph: dict[int, int], chance: st.DrawFn) -> None:
    told = rows(graph)
    turned = sorted(told, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert chains(told) == chains(turned)
    assert most_worrying(told) == most_worrying(turned)


def test_the_root_may_be_idle_and_who_waits_for_its_own_threads_is_not_blocked() -> None:
    head = session(61, status=Safe("sleeping"), elapsed_ms=None, idle_ms=240_000.0, transactions=1)
    (root,) = chains([session(70, 61), session(71, 70), session(90, 90), head])
    assert (root.id, root.session, root.total, len(root.behind)) == (61, head, 2, 1)


def test_who_holds_it_and_is_not_listed_is_a_root_all_the_same() -> None:
    gone, special = chains([session(70, 61), session(71, 61), session(72, -2, held=Safe("an orphan"))])
    assert (gone.id, gone.session, gone.total) == (61, None, 2)
    assert (special.id, special.held) == (-2, "an orphan")


def test_a_deadlock_in_flight_is_said_with_those_behind_it() -> None:
    (root,) = chains([session(70, 71), session(71, 72), session(72, 70), session(80, 71)])
    assert root.circle == (70, 71, 72)
    assert root.total == 3


def test_a_long_queue_is_no_trouble() -> None:
    (root,) = chains([session(number, number - 1) for number in range(2, 3000)])
    assert (root.id, root.total) == (1, 2998)


def test_the_guides_say_where_a_brother_is_still_to_come() -> None:
    (root,) = chains([session(2, 1), session(3, 2), session(9, 1)])
    assert [(each.id, guides) for each, guides in walk(root)] == [
        (1, ()),
        (2, (True,)),
        (3, (True, False)),
        (9, (False,)),
    ]


@given(GRAPHS)
def test_nobody_is_lost_in_the_order_of_worry(graph: dict[int, int]) -> None:
    told = rows(graph)
    assert sorted(row.id for row in most_worrying(told)) == sorted(graph)


def test_who_holds_up_others_stands_before_who_is_held_up_before_who_forgot_before_who_works() -> None:
    works, waits = session(1, elapsed_ms=9_000_000.0), session(2, 3)
    forgot = session(4, elapsed_ms=None, idle_ms=60_000.0, transactions=1, status=Safe("sleeping"))
    between = session(5, elapsed_ms=None, idle_ms=40.0, transactions=1, status=Safe("sleeping"))
    holds = session(3)
    assert [row.id for row in most_worrying([between, works, waits, forgot, holds])] == [3, 2, 4, 1, 5]


def test_a_session_that_is_told_twice_counts_as_it_was_told_first() -> None:
    (root,) = chains([session(70, 61), session(70, 62)])
    assert (root.id, root.total) == (61, 1)
