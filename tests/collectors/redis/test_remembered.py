"""Roles are counted by who changed them, and offsets belong to one history."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.readings import ResourceId
from collectors.redis.info import Node
from collectors.redis.remembered import Remembered, changed, written_of
from collectors.safe import Safe

nodes = st.builds(
    Node,
    role=st.sampled_from(["master", "slave"]),
    run_id=st.sampled_from(["run 1", "run 2"]),
    master_replid=st.sampled_from(["a", "b", "c"]),
    master_repl_offset=st.integers(0, 1000),
)


def primary(run: str, history: str) -> Node:
    return Node(role="master", run_id=run, master_replid=history)


def replica(run: str, history: str) -> Node:
    return Node(role="slave", run_id=run, master_replid=history)


@pytest.mark.parametrize(
    ("before", "now", "is_change"),
    [
        (primary("1", "a"), primary("1", "a"), False),
        (primary("1", "a"), replica("1", "b"), True),
        (replica("1", "a"), primary("1", "b"), True),
        (primary("1", "a"), primary("2", "b"), False),  # it was started anew
        (primary("1", "a"), primary("1", "b"), True),  # demoted and promoted between two looks
        (replica("1", "a"), replica("1", "b"), False),  # it follows somebody else
        (replica("1", "a"), primary("2", "b"), True),
    ],
)
def test_what_is_a_change_of_roles(before: Node, now: Node, is_change: bool) -> None:
    assert changed(before, now) is is_change


@given(st.lists(nodes, min_size=1, max_size=30))
def test_what_was_written_is_of_the_newest_history_and_of_a_primary_alone(told: list[Node]) -> None:
    known, t = Remembered(), 0.0
    for each in told:
        t += 5
        known.note(each, t)
    newest, memory = told[-1], {ResourceId(Safe("it")): known}
    assert known.written.history == newest.master_replid
    marks = [
        (5.0 * (number + 1), each.master_repl_offset)
        for number, each in enumerate(told)
        if each.is_primary and all(later.master_replid == newest.master_replid for later in told[number:])
    ]
    mark = known.written.newest
    assert (mark and (mark.t, mark.offset)) == (marks[-1] if marks else None)
    assert written_of(memory, "d") is None
    assert (written_of(memory, newest.master_replid) is not None) == bool(marks)
    roles = sum(before.is_primary != now.is_primary for before, now in pairwise(told))
    assert known.role_changes >= roles


def test_a_primary_that_follows_another_forgets_who_followed_it() -> None:
    known = Remembered()
    known.note(primary("1", "a"), 0)
    known.downstream["10.0.0.7:6379"] = None  # type: ignore[assignment]
    known.note(primary("1", "a"), 5)
    assert known.downstream
    known.note(replica("1", "b"), 10)
    assert not known.downstream
