"""Both ends of a link and AWS tell of it: who is believed, and never a number of before on a dead link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.inside.replication import DEAD, Distance, Link, LinkState
from collectors.safe import Safe
from console.screen.inside.replication_words import edge, far, seconds, sentence
from console.screen.inside.witnesses import FRESH_BY_AWS_S, FRESH_S, Joined, Told, joined
from tests.screen.inside.copied import AT, BEHIND, BROKEN, IN_STEP, SILENT, lag, link

UNKNOWN = LinkState.UNKNOWN
NOW = AT + timedelta(seconds=5)


def told(
    state: LinkState, *, age: float = 5.0, by_aws: bool = False, by_copy: bool = False, **fields: Distance
) -> Told:
    return Told(link("a", "b", state, **fields), NOW - timedelta(seconds=age), by_aws, by_copy)


DISTANCES = st.builds(Distance, st.none() | st.floats(0, 1e6), st.none() | st.integers(0, 10**12))
LINKS = st.builds(
    Link,
    st.just(Safe("a")),
    st.just(Safe("b")),
    st.sampled_from(LinkState),
    lag=DISTANCES,
    unsent=DISTANCES,
    unapplied=DISTANCES,
)
AGES = st.floats(0, 900).map(lambda age: NOW - timedelta(seconds=age))
WORDS = st.lists(st.builds(Told, LINKS, AGES, st.booleans(), st.booleans()), min_size=1, max_size=4)


@given(WORDS)
def test_a_dead_link_has_only_distances_of_who_says_that_it_is_dead(words: list[Told]) -> None:
    found = joined(words, NOW).link
    if found.state in DEAD:
        theirs = [each.link for each in words if each.is_dead]
        assert found.lag.seconds in {None, *(each.lag.seconds for each in theirs)}
        assert found.unsent.bytes in {None, *(each.unsent.bytes for each in theirs)}


@given(WORDS)
def test_of_fresh_databases_that_know_the_worst_holds(words: list[Told]) -> None:
    fresh = [each for each in words if each.is_fresh(NOW) and each.link.state is not UNKNOWN]
    databases = [each.link.state for each in fresh if not each.by_aws]
    found = joined(words, NOW)
    if databases:
        assert found.link.state is max(databases, key=tuple(LinkState).index)
    elif fresh:
        assert found.by == "AWS"
    assert found.is_old == (not fresh and (found.link.state is not UNKNOWN or not any(e.is_fresh(NOW) for e in words)))


@given(WORDS)
def test_it_is_always_said_in_words(words: list[Told]) -> None:
    found = joined(words, NOW)
    assert edge(found)[0]
    assert "promoted" in sentence(found, NOW).lower()


def test_what_an_end_lost_is_believed_before_what_the_other_still_has() -> None:
    found = joined([told(IN_STEP, lag=lag(0.0)), told(SILENT, by_copy=True)], NOW)
    assert found.link.state is SILENT
    assert found.link.lag.seconds is None
    assert found.but == "the source says in step"


def test_each_end_adds_what_it_alone_can_measure() -> None:
    source = told(BEHIND, lag=lag(0.8, 5), unsent=lag(None, 2))
    copy = told(BEHIND, by_copy=True, lag=lag(0.9), unapplied=lag(4.0, 3))
    found = joined([source, copy], NOW).link
    assert (found.lag, found.unsent, found.unapplied) == (lag(0.9, 5), lag(None, 2), lag(4.0, 3))


def test_aws_is_asked_where_the_databases_may_not_tell_and_then_named() -> None:
    found = joined([told(UNKNOWN), told(BEHIND, by_aws=True, lag=lag(7.0))], NOW)
    assert (found.link.state, found.link.lag.seconds, found.by) == (BEHIND, 7.0, "AWS")


def test_aws_does_not_overrule_a_database_but_is_heard() -> None:
    found = joined([told(BROKEN), told(IN_STEP, by_aws=True, lag=lag(0.0))], NOW)
    assert (found.link.state, found.link.lag.seconds, found.but) == (BROKEN, None, "AWS says in step")


@pytest.mark.parametrize(
    ("database", "aws", "by"),
    [(FRESH_S, 1.0, "database"), (FRESH_S + 1, 1.0, "AWS"), (FRESH_S + 1, FRESH_BY_AWS_S + 1, "database")],
)
def test_what_is_old_is_believed_only_where_nothing_is_newer(database: float, aws: float, by: str) -> None:
    found = joined([told(IN_STEP, age=database), told(BEHIND, age=aws, by_aws=True)], NOW)
    old = database > FRESH_S and aws > FRESH_BY_AWS_S
    assert (found.by, found.is_old) == (by, old)
    assert edge(found)[0].startswith("?") == old
    assert ("nobody has told since" in sentence(found, NOW)) == old


@pytest.mark.parametrize(
    ("distance", "said", "both"),
    [
        (lag(), "", ""),
        (lag(0.0, 0), "0s", "nothing"),
        (lag(0.0216, fine=True), "21.6ms", "21.6ms"),
        (lag(1.5, fine=True), "1500ms", "1500ms"),
        (lag(12.4), "12.4s", "12.4s"),
        (lag(184.0, at_least=True), ">=3m", ">=3m"),
        (lag(0.0, at_least=True), ">=0s", ">=0s"),
        (lag(None, 4 * 1024**2), "", "4.0MiB"),
        (lag(3.0, 0), "3.0s", "3.0s"),
        (lag(3.0, 900), "3.0s", "3.0s, 900B"),
    ],
)
def test_distances_are_said_in_what_they_were_measured_in(distance: Distance, said: str, both: str) -> None:
    assert (seconds(distance), far(distance)) == (said, both)


def test_an_idle_source_shows_no_number() -> None:
    assert edge(Joined(link("a", "b", IN_STEP, lag=lag(0.0, 0)))) == ("in step",)
