"""Whatever became of the answer: what the server has now says whether the plans went, and never more than it can."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from console.actions.craft import Way
from console.actions.flushes.plan_proof import A_FEW, elsewhere, of_handle, of_plans
from console.actions.flushes.plan_questions import HandleRow, Here, PlansRow, StoresRow
from tests.rig.plan_server import BORN, naive

STORES = StoresRow(entries=7, size_kb=448)
counts = st.integers(0, 10**6)


def here(node: str = "a", started: datetime = BORN) -> Here:
    return Here(
        server_name=node, machine=node, node=node, started=naive(started), up_s=9, database_name="master",
        may_server=False, may_database=False,
    )  # fmt: skip


def row(created: str) -> HandleRow:
    return HandleRow(query_hash=b"q" * 8, created=created, executions=1, text_hash=b"t", statement="SELECT 1")


@given(counts, counts)
def test_as_long_as_many_of_them_are_there_nothing_is_said_to_be_done(before: int, left: int) -> None:
    told = of_plans(PlansRow(plans=left, size_kb=0), STORES, {"plans": str(before)})
    assert told.way is (Way.DONE if left * A_FEW <= before else Way.ABSENT)
    assert (told.way is Way.ABSENT) or f"{before:,} plans before" in told.said


@given(counts)
def test_where_nobody_counted_them_only_none_left_is_proof(left: int) -> None:
    told = of_plans(PlansRow(plans=left, size_kb=0), STORES, {})
    assert told.way is (Way.ABSENT if left else Way.DONE)


def test_a_plan_is_gone_where_it_is_not_there_or_was_compiled_since() -> None:
    expected = {"created": "2026-11-20T10:00:00.123"}
    assert of_handle([], expected).way is Way.DONE
    assert of_handle([row("2026-11-20T10:00:00.123")], expected).way is Way.ABSENT
    assert of_handle([row("2026-11-20T10:00:00.126")], expected).way is Way.DONE
    both = [row("2026-11-20T11:00:00.126"), row("2026-11-20T10:00:00.123")]
    assert of_handle(both, expected).way is Way.ABSENT, "one statement of it is as old as it was"


@given(st.timedeltas(timedelta(days=-900), timedelta(days=900)), st.sampled_from("ab"))
def test_another_server_proves_nothing_but_one_that_began_since_has_none_of_them(later: timedelta, node: str) -> None:
    expected = here().facts()
    told = elsewhere(here(node, BORN + later), expected)
    if node == "a" and not later:
        assert told is None
    else:
        assert told is not None
        assert told.way is (Way.DONE if later > timedelta(0) else Way.UNDER_WAY)


def test_what_makes_it_the_same_server_is_told_as_one_reads_it() -> None:
    assert here().facts() == {"server": "a", "machine": "a", "node": "a", "started": BORN.astimezone(UTC).isoformat()}
