"""What F means follows from the estate: one thing, a choice, or nothing with its reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from collectors.safe import Safe
from console.protocol.op import Offers
from console.protocol.res import Res, Value
from console.screen.acting.allowed import key_named, lock, ways
from console.screen.failover import targets
from console.screen.picture import Picture
from console.screen.values import SIGNS
from tests.screen.acting.stage import gated
from tests.screen.bodies import NOW, picture, res
from tests.screen.failover.offers import ADMIN, OPERATOR, failing_over

F = key_named("fail-over")


def member(role: str, az: str, lag: float | None = None, **others: Any) -> Res:
    klass, tier = others.pop("klass", "db.r7g.2xlarge"), others.pop("tier", "1")
    values = {Safe("replica.lag_s"): Value(v=lag, t=NOW, u=Safe("Seconds"))} if lag is not None else {}
    facts = {Safe("DBInstanceClass"): Safe(klass), Safe("PromotionTier"): Safe(tier)}
    more: dict[str, Any] = {"engine": "aurora-postgresql", "cluster": "shop", "facts": facts, "values": values}
    return res(role=role, az=az, **(more | others))


AURORA = {
    "shop": res(kind="cluster", engine="aurora-postgresql", role="", az=""),
    "shop-1": member("writer", "eu-west-1a"),
    "shop-2": member("reader", "eu-west-1b", 0.02, tier="15"),
    "shop-3": member("reader", "eu-west-1c", 0.04, klass="db.r7g.large", tier="0"),
    "shop-4": member("reader", "eu-west-1c", None, status="rebooting", tier="0"),
}
REPLICA = res(role="replica", facts={"ReadReplicaSource": "orders-primary", "MultiAZ": "no"})
BOTH = res(role="replica", facts={"ReadReplicaSource": "orders-primary", "SecondaryAvailabilityZone": "eu-west-1c"})
KNOWN = {**AURORA, "billing": res(), "copy": REPLICA, "both": BOTH, "carts": res(kind="table", role="")}


def seen(offers: Offers) -> Picture:
    return replace(picture(KNOWN), offers=offers)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("billing", ["fail-over"]),
        ("shop", ["fail-over"]),
        ("shop-2", ["fail-over"]),
        ("copy", ["promote"]),
        ("both", ["fail-over", "promote"]),
        ("carts", []),
        ("gone", []),
    ],
)
def test_it_means_what_the_resource_can_have(name: str, meant: list[str]) -> None:
    assert [each.name for each in ways(F, seen(ADMIN), name)] == meant


@pytest.mark.parametrize(
    ("offers", "name", "why"),
    [
        (ADMIN, "copy", ""),
        (OPERATOR, "both", ""),
        (OPERATOR, "copy", "admin: Promote is locked: it needs admin, and you are operator."),
        (ADMIN, "carts", "not here: Fail over is locked: Failovers are of RDS instances, Aurora clusters and Redis"),
    ],
)
def test_where_it_means_nothing_or_may_not_be_taken_it_says_why(offers: Offers, name: str, why: str) -> None:
    found = lock(F, seen(offers), name, viewer=False)
    assert ("" if found is None else f"{found.word}: {found.why}").startswith(why)
    assert (found is None) == (not why)


@pytest.mark.parametrize("name", ["shop", "shop-1"])
def test_of_several_readers_the_likeliest_stands_first_with_what_one_would_ask_of_it(name: str) -> None:
    found = targets.readers(seen(ADMIN), name)
    assert found == ["shop-3", "shop-2", "shop-4"]
    notes = [targets.item(seen(ADMIN), each, SIGNS).note for each in found]
    assert notes[0] == "eu-west-1c  db.r7g.large  lag 40.0ms  tier 0"
    assert notes[2].startswith("is rebooting  eu-west-1c")
    assert targets.title(seen(ADMIN), name) == "Who takes over from shop-1 (db.r7g.2xlarge)?"


@pytest.mark.parametrize("name", ["shop-2", "billing", "copy", "gone"])
def test_elsewhere_there_is_nobody_to_choose(name: str) -> None:
    assert targets.readers(seen(ADMIN), name) == []


async def test_the_only_reader_is_not_asked_for_and_one_of_several_is(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), offers=ADMIN) as (seen, gate):
        gate.plan = failing_over(resource="catalogue")
        await seen.press("colon", *"go catalogue-1", "enter")
        await seen.until(lambda text: "F:Fail over" in text)
        await seen.press("F")
        await seen.until(lambda text: "Failover of catalogue " in text)
        assert gate.args("act.plan") == {"action": "fail-over", "id": "catalogue-1"}


async def test_the_reader_that_was_chosen_goes_with_the_plan(tmp_path: Path) -> None:
    """The demo's cluster has one reader; another one is told."""
    async with gated(tmp_path, (120, 40), offers=ADMIN) as (seen, gate):
        writer = seen.app.live.resources["catalogue-1"]
        spare = writer.model_copy(update={"role": "reader", "az": "eu-west-1c"})
        seen.engine.tell("res", "catalogue-3", body=spare)
        await seen.until(lambda _: "catalogue-3" in seen.app.live.resources)
        gate.plan = failing_over(resource="catalogue")
        await seen.press("colon", *"go catalogue-1", "enter")
        await seen.press("F")
        await seen.until(lambda text: "Who takes over from catalogue-1" in text and "catalogue-3  eu-west-1c" in text)
        assert gate.asked == []
        await seen.press(*"catalogue-3", "enter")
        await seen.until(lambda text: "Failover of catalogue " in text)
        assert gate.args("act.plan") == {"action": "fail-over", "id": "catalogue-1", "choice": "catalogue-3"}


async def test_a_replica_with_a_standby_is_asked_about_and_what_is_locked_there_says_so(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), offers=OPERATOR) as (seen, gate):
        replica = seen.app.live.resources["orders-replica-1"]
        facts = {**replica.facts, Safe("SecondaryAvailabilityZone"): Safe("eu-west-1c")}
        seen.engine.tell("res", "orders-replica-1", body=replica.model_copy(update={"facts": facts}))
        await seen.press("colon", *"go orders-replica-1", "enter")
        await seen.until(lambda text: "F:Fail over" in text)
        await seen.press("F")
        text = await seen.until(lambda text: "What shall become of orders-replica-1?" in text)
        assert "it stays a replica; its standby in eu-west-1c takes over" in text
        assert "it leaves its source for good and becomes a primary of its own" in text
        await seen.press("down", "enter")
        await seen.until(lambda text: "Promote is locked: it needs admin, and you are operator." in text)
        assert gate.asked == []


async def test_a_replica_without_a_standby_is_promoted_and_the_footer_says_so(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), offers=ADMIN) as (seen, gate):
        gate.plan = failing_over(action="promote.instance", title="Promote", resource="orders-replica-1")
        await seen.press("colon", *"go orders-replica-1", "enter")
        await seen.until(lambda text: "F:Promote" in text)
        await seen.press("F")
        await seen.until(lambda text: "Promotion of orders-replica-1" in text)
        assert gate.args("act.plan") == {"action": "promote", "id": "orders-replica-1"}
