"""One hash for all of a plan, and a name for what it makes that every service takes."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.actions.crafts import crafts
from console.actions.plan import Plan, facts, from_told
from console.actions.snapshots import marks
from tests.actions.failovers.inside import Inside
from tests.actions.given import TARGET, plan
from tests.actions.no_hands import NoHands

OTHERWISE = {
    "op": "another",
    "action": "another",
    "target": replace(TARGET, region="eu-west-2"),
    "parameters": facts({"DBInstanceIdentifier": "orders"}),
    "expected": facts({"DBInstanceStatus": "backing-up"}),
    "checks": facts({"audit": "block"}),
    "by": "bob",
    "made_ms": 1,
    "overrides": ("pause",),
    "reason": "another",
}


@pytest.mark.parametrize("name", [field.name for field in fields(Plan)])
def test_whatever_is_otherwise_the_hash_is(name: str) -> None:
    assert plan(**{name: OTHERWISE[name]}).hash != plan().hash


def test_what_is_told_of_it_is_the_same_plan_again() -> None:
    told = plan(overrides=("pause",), reason="now")
    assert from_told(orjson.loads(told.canonical())) == told


@pytest.mark.parametrize("name", [field.name for field in fields(Plan)])
def test_what_lacks_a_part_is_no_plan(name: str) -> None:
    told = plan().told()
    del told[name]
    with pytest.raises(ValueError, match="no plan"):
        from_told(told)


def test_the_name_says_what_when_and_which_plan() -> None:
    assert re.fullmatch(r"dbconsole-billing-202611210304-[0-9a-f]{8}", marks.name(plan()))


@given(st.text(max_size=300))
def test_every_service_takes_the_name(resource: str) -> None:
    name = marks.name(plan(target=replace(TARGET, name=resource)))
    assert re.fullmatch(r"[A-Za-z](?!.*--)[A-Za-z0-9-]{2,254}(?<!-)", name)


def test_of_a_cache_with_a_long_name_it_is_cut_and_not_what_tells_it_apart() -> None:
    cache = crafts(lambda *_: None, Inside(), NoHands())["snapshot.cache"]
    names = [cache.makes(plan(op=op, target=replace(TARGET, name="n" * 50))) for op in ("one", "two")]
    assert [len(name) for name in names] == [50, 50]
    assert names[0] != names[1]


@given(st.text(max_size=400))
def test_a_reason_becomes_a_tag_that_aws_takes(reason: str) -> None:
    values = {tag["Key"]: tag["Value"] for tag in marks.tags(plan(reason=reason))}
    assert set(values) == {"op_id", "operator", "reason", "expires"}
    assert all(re.fullmatch(r"[\w\s.:/=+@-]{0,256}", value, re.ASCII) for value in values.values())
    assert values["expires"] == "2026-12-26"
