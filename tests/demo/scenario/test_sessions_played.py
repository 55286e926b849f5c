"""The shipped scenarios about sessions: what a collector sees of them, and when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from collectors.inside.blocking import Blocker, chains
from collectors.inside.sessions import Sessions
from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.activity import Activity
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.scenario.load import load
from console.demo.sqlserver.server import ModelServers

START = 1_773_223_200.0
ORDERS, BILLING = ResourceId(Safe("orders-primary")), ResourceId(Safe("billing"))


async def seen(name: str, about: ResourceId, seconds: float) -> tuple[Sessions, tuple[Blocker, ...]]:
    there = {machine.id: machine for machine in MACHINES}
    model = Model(1, START, MACHINES, load(name).script(START, there))

    def now() -> datetime:
        return datetime.fromtimestamp(START + seconds, UTC)

    (fact,) = [reading async for reading in Activity(ModelServers(model, now), now).collect(about)]
    assert isinstance(fact, Sessions)
    return fact, chains(fact.rows)


@pytest.mark.parametrize("seconds", [90, 200, 419])
async def test_the_head_of_the_chain_is_idle_with_an_open_transaction(seconds: float) -> None:
    _, (head,) = await seen("blocking-chain", ORDERS, seconds)
    assert head.session is not None
    assert (head.session.host, head.session.status, head.session.transactions) == ("WEB-03", "sleeping", 1)
    assert head.session.idle_ms == pytest.approx(1000 * (seconds - 62))
    assert head.total > 10


async def test_the_chain_goes_when_it_is_rolled_back() -> None:
    _, chain = await seen("blocking-chain", ORDERS, 425)
    assert all(root.session is None or root.session.elapsed_ms is not None for root in chain)


async def test_a_forgotten_transaction_is_hours_old_and_then_holds_somebody_up() -> None:
    fact, early = await seen("long-transaction", BILLING, 60)
    (forgotten,) = [row for row in fact.rows if row.id == 77]
    assert forgotten.transaction_began is not None
    assert (fact.observed - forgotten.transaction_began).total_seconds() == pytest.approx(7230)
    assert 77 not in {root.id for root in early}
    _, late = await seen("long-transaction", BILLING, 200)
    (head,) = [root for root in late if root.id == 77]
    assert head.total == 1
    assert head.longest_ms == pytest.approx(110_000)


async def test_three_sessions_wait_in_a_circle_until_one_is_given_up() -> None:
    assert (90, 91, 92) in {root.circle for root in (await seen("long-transaction", BILLING, 303))[1]}
    assert not any(root.circle for root in (await seen("long-transaction", BILLING, 310))[1])
