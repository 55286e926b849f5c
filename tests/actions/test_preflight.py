"""Which checks stop an action? The whole table: verdict, age, override, what was given, and by whom."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from collectors.safe import Safe
from console.access.role import Role
from console.actions.check import STALE_AFTER, Check, Override, Verdict
from console.actions.preflight import Given, Standing, lowered, standing, stopping
from tests.actions.given import NOW
from tests.actions.refusals import of_actions_own, of_common

REASON, COUNTED = "the disk is about to fail", "all 1,203,334 of them are of the old release"
AGES = (timedelta(0), STALE_AFTER, STALE_AFTER + timedelta(milliseconds=1))
GIVEN = tuple(
    Given(role, frozenset(overrides), reason, glass)
    for role, overrides, reason, glass in itertools.product(
        Role, ((), ("other",), ("it",)), ("", "short", "1203334", REASON, COUNTED), (False, True)
    )
)


def check(verdict: Verdict, override: Override, name: str = "it") -> Check:
    return Check(name, verdict, NOW, Safe("what"), Safe("seen"), Safe("mend"), override, count=1_203_000)


def expected(verdict: Verdict, override: Override, given: Given, *, old: bool) -> Standing:
    """The rules as the specification says them, written a second time."""
    now = Verdict.UNKNOWN if old else verdict
    if now in (Verdict.PASS, Verdict.WARN):
        return Standing.PASSES
    if now is Verdict.UNKNOWN and override is not Override.NEVER:
        return Standing.PASSES
    may = given.role is not Role.VIEWER and "it" in given.overrides
    ways = {
        Override.NEVER: False,
        Override.CODE: False,
        Override.REASON: given.reason in (REASON, COUNTED),
        Override.COUNT: given.reason == COUNTED,
        Override.CONFIRM: True,
        Override.BREAK_GLASS: given.has_broken_glass and given.role is Role.ADMIN,
    }
    return Standing.OVERRIDDEN if may and ways[override] else Standing.STOPS


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("override", list(Override))
def test_each_row_of_the_table_stands_as_the_rules_say(verdict: Verdict, override: Override) -> None:
    for age, given in itertools.product(AGES, GIVEN):
        found = standing(check(verdict, override), given, NOW + age)
        assert found is expected(verdict, override, given, old=age > STALE_AFTER), (age, given)


async def test_each_check_that_there_is_stands_as_the_rules_say_whatever_it_finds() -> None:
    """Of all actions, with what overrides each of them; the same table once more, with their names."""
    cases = [*of_common(), *[case async for _, case in of_actions_own()]]
    assert len(cases) > 120
    for case, verdict, age, given in itertools.product(cases, Verdict, AGES, GIVEN):
        named = replace(given, overrides=frozenset({case.check.name} if "it" in given.overrides else given.overrides))
        found = standing(replace(case.check, verdict=verdict, looked=NOW), named, NOW + age)
        assert found is expected(verdict, case.check.override, given, old=age > STALE_AFTER), (case, verdict, given)


def test_a_viewer_gets_past_nothing_and_nobody_past_what_is_never_overridden() -> None:
    stops = (Verdict.BLOCK, Verdict.UNKNOWN)
    for verdict, override, given in itertools.product(stops, Override, GIVEN):
        found = standing(check(verdict, override), given, NOW)
        if given.role is Role.VIEWER or override is Override.NEVER:
            assert found is not Standing.OVERRIDDEN
        if override is Override.NEVER:
            assert found is Standing.STOPS


@pytest.mark.parametrize("before", Role)
@pytest.mark.parametrize("after", Role)
def test_a_role_is_only_lowered(before: Role, after: Role) -> None:
    assert lowered(Given(before), after).role is min(before, after)


def test_what_nothing_gets_past_is_told_first() -> None:
    checks = (check(Verdict.BLOCK, Override.REASON, "first"), check(Verdict.BLOCK, Override.NEVER, "never"))
    assert [each.name for each in stopping(checks, Given(Role.ADMIN), NOW)] == ["never", "first"]


def test_a_refusal_of_what_is_too_old_says_how_old_it_is() -> None:
    (stale,) = stopping((check(Verdict.PASS, Override.NEVER),), Given(Role.ADMIN), NOW + timedelta(seconds=41))
    assert stale.verdict is Verdict.UNKNOWN
    assert stale.lines() == ("what", "It was looked at 41 s ago.", "Ask for it anew: it is looked at again.")


@pytest.mark.parametrize(
    ("reason", "is_counted"),
    [
        ("about 1100000 old sessions", True),  # it is still counted anew while somebody writes
        ("there are 1 000 000, I know", True),
        ("there are 1_000_000, I know", True),
        ("of 900000 keys each is old", True),
        ("there are 800000, I guess", False),
        ("there are a million of them", False),
        ("1000 and 1000 of the sessions", False),
    ],
)
def test_whoever_flushes_a_store_says_how_many_keys_it_has(reason: str, is_counted: bool) -> None:
    counted = replace(check(Verdict.BLOCK, Override.COUNT), count=1_000_000)
    found = standing(counted, Given(Role.ADMIN, frozenset({"it"}), reason), NOW)
    assert found is (Standing.OVERRIDDEN if is_counted else Standing.STOPS)
