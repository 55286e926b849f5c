"""What a person reads where a check does not pass: three lines, for each of them. The file beside this has them all.

`UPDATE_SNAPSHOTS=1 ./dev test tests/actions/test_refusals.py` writes it anew: read the diff.
"""

from __future__ import annotations

import os
from itertools import chain
from pathlib import Path

from console.actions.all import ACTIONS
from console.actions.check import Verdict
from console.actions.common import common
from console.actions.crafts import crafts
from tests.actions.failovers.answers import answers
from tests.actions.failovers.cases import NAMES, well
from tests.actions.failovers.cases import target_of as failed_over
from tests.actions.flushes.cache_cases import SCOPES as CACHES
from tests.actions.flushes.cache_cases import looked as caches_looked
from tests.actions.flushes.cache_cases import of_caches
from tests.actions.flushes.plan_cases import SCOPES as PLANS
from tests.actions.flushes.plan_cases import looked as plans_looked
from tests.actions.flushes.plan_cases import of_plans
from tests.actions.given import NOW, SNAPSHOT, TARGET, situation
from tests.actions.no_hands import NoHands
from tests.actions.recorded import recorded
from tests.actions.refusals import Case, of_actions_own, of_common, of_snapshots, target_of, text

FILE = Path(__file__).with_name("refusals.txt")


async def written() -> str:
    parts = ["EVERY ACTION", "", *chain.from_iterable(text(case) for case in of_common())]
    of_actions: dict[str, list[Case]] = {}
    async for name, case in of_actions_own():
        of_actions.setdefault(name, []).append(case)
    for name, cases in of_actions.items():
        parts += [name.upper(), "", *chain.from_iterable(map(text, cases))]
    return "\n".join(parts)


async def test_each_refusal_reads_as_it_was_agreed() -> None:
    told = await written()
    if os.environ.get("UPDATE_SNAPSHOTS"):
        FILE.write_text(told)
    assert told == FILE.read_text()


async def test_each_says_what_what_was_seen_and_what_would_unblock_it() -> None:
    cases = [*of_common(), *[case async for _, case in of_actions_own()]]
    assert [
        (case.check.name, case.when) for case in cases if not all(line.strip() for line in case.check.lines())
    ] == []


async def test_none_of_the_checks_is_left_out() -> None:
    """A check that is new, and has no text here, is one that nobody has read."""
    shown = {case.check.name for case in of_common()}
    assert shown | {"lock"} == {each.name for each in common(SNAPSHOT, TARGET, situation())}
    for action in ACTIONS:
        craft = crafts(lambda *_: None, well(), NoHands())[action.name]
        if action.name in NAMES:
            sight = await craft.look(answers(), failed_over(action.name), NOW)
        elif action.name in CACHES:
            sight = await caches_looked(action.name)
        elif action.name in PLANS:
            sight = await plans_looked(action.name)
        else:
            sight = await craft.look(recorded(), target_of(action.name), NOW)
        of_action = {case.check.name async for name, case in of_actions_own() if name == action.name}
        of_action |= {"scope"} if action.name == "flush.all" else set()  # all of it is always there
        assert of_action == {each.name for each in sight.checks}, action.name


async def test_what_never_may_be_overridden_is_what_the_specification_names() -> None:
    """C0 to C3, C5 and a clock that is far off; of snapshots what AWS itself would refuse."""
    blocks = [case.check for case in of_common() if case.check.verdict in (Verdict.BLOCK, Verdict.UNKNOWN)]
    never = {check.name for check in blocks if check.override == "never"}
    passive = {"freeze"}
    assert never == {"audit", "live", "account", "role", "mfa", *passive, "alone", "clock", "shared-terminal"}
    own = [case.check async for _, case in of_snapshots() if case.check.verdict is Verdict.BLOCK]
    assert {check.name for check in own if check.override == "never"} == {
        "status",
        "member",
        "creating",
        "quota",
        "key",
    }


async def test_of_failovers_never_is_overridden_what_the_check_lists_say() -> None:
    own = [(name, case.check) async for name, case in of_actions_own() if name in NAMES]
    stops = [(name, check) for name, check in own if check.verdict in (Verdict.BLOCK, Verdict.UNKNOWN)]
    never = {(name, check.name) for name, check in stops if check.override == "never"}
    assert never == {
        *(("fail-over.instance", check) for check in ("member", "status", "standby", "synchronised", "creating")),
        *(("fail-over.cluster", check) for check in ("status", "reader", "tag", "region")),
        *(("fail-over.cache", c) for c in ("status", "automatic", "replica", "under-way", "tested", "other-shard")),
        *(("promote.instance", check) for check in ("replica", "status", "lag")),
    }


async def test_of_flushes_of_caches_never_is_overridden_who_where_and_whether_it_may_be() -> None:
    stops = [(name, check) async for name, _, check in of_caches() if check.verdict is not Verdict.WARN]
    never = {(name, check.name) for name, check in stops if check.override == "never"}
    usual = ("status", "primary", "node", "tag", "under-way", "login")
    assert never == {
        *((name, check) for name in CACHES for check in usual),
        ("flush.database", "scope"),
        ("flush.prefix", "scope"),
    }


async def test_where_all_is_well_a_flush_of_a_cache_is_stopped_by_nothing() -> None:
    for name in CACHES:
        doubts = {check.name for check in (await caches_looked(name)).checks if check.verdict is not Verdict.PASS}
        assert doubts == set()


async def test_of_flushes_of_plans_never_is_overridden_who_where_and_what() -> None:
    stops = [(name, check) async for name, _, check in of_plans() if check.verdict is not Verdict.WARN]
    never = {(name, check.name) for name, check in stops if check.override == "never"}
    assert never == {
        *((name, check) for name in PLANS for check in ("login", "server")),
        ("flush.plan", "handle"),
        ("flush.plans", "database"),
    }


async def test_where_all_is_well_a_flush_of_plans_is_stopped_by_nothing() -> None:
    for name in PLANS:
        doubts = {check.name for check in (await plans_looked(name)).checks if check.verdict is not Verdict.PASS}
        assert doubts == {"permission"}
