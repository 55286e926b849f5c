"""A failover in an engine: begun by an operation or by a sign, timed by knocks, told, kept, ticked and acknowledged."""

from __future__ import annotations

import asyncio
from pathlib import Path

from collectors.knock.knock import Door
from collectors.safe import Safe
from console.protocol.failover import Failover
from tests.engine.failovers.doors import OP, ORDERS, Engine, engine, utc

COMPLETED, STARTED = "Multi-AZ instance failover completed", "Multi-AZ instance failover started"


async def shut_and_opened(here: Engine) -> Failover:
    """One of ours, from its countdown until it may be written again."""
    here.op("intent")
    await here.told(lambda f: f.phase == "preflight" and f.probe.knocks > 1, "knocks while it counts down")
    here.op("sent")
    here.op("accepted")
    here.way.turn(Door.DARK)
    await here.told(lambda f: f.phase == "down", "down")
    here.way.turn(Door.RECOVERING)
    recovering = await here.told(lambda f: f.phase == "recovering", "recovering")
    await here.told(lambda f: f.probe.knocks > recovering.probe.knocks + 8, "some time to measure")
    here.way.turn(Door.OPEN, "node-b")
    return await here.told(lambda f: f.up is not None, "up")


async def test_one_of_ours_is_timed_to_half_a_second_and_ends_when_it_is_proved(tmp_path: Path) -> None:
    async with engine(tmp_path) as here:
        told = await shut_and_opened(here)
        (dark, _), _, (opened, _) = here.way.changes
        assert abs((utc(told.down) - dark).total_seconds()) < 0.5
        assert abs((utc(told.up) - opened).total_seconds()) < 0.5
        assert told.objective_s == 60
        assert here.databases.tried_again == [ORDERS]
        here.happens(COMPLETED)
        here.lists("available", "eu-west-1b", "eu-west-1a")
        done = await here.told(lambda f: f.phase == "done", "done")
        assert done.outcome.startswith("It is done: nobody was let in for ")
        assert done.after == "orders in eu-west-1b, standby in eu-west-1a"
        assert (done.before, done.overdue) == ("orders in eu-west-1a, standby in eu-west-1b", ())
        rows = (tmp_path / "failovers" / f"{OP}.csv").read_text().splitlines()
        assert done.evidence.endswith(f"failovers/{OP}.csv")
        assert rows[0] == f"# dbconsole knocks, format 1: failover {OP} of orders"
        assert len(rows) > 5
        assert not here.failovers.holds


async def test_whoever_looks_at_the_resource_sees_that_it_fails_over_and_that_it_is_over() -> None:
    async with engine() as here:
        await shut_and_opened(here)
        resource = here.core.estate.resources[ORDERS]
        (sight,) = resource.findings
        assert (sight.finding.id, sight.finding.severity) == ("failover-in-progress", "warning")
        assert here.failovers.holds
        here.happens(COMPLETED)
        here.lists("available", "eu-west-1b", "eu-west-1a")
        await here.told(lambda f: f.phase == "done", "done")
        assert [sight.is_open for sight in resource.findings] == [False]
        texts = [event.text for event in here.client.mirror.events]
        assert "Failover was asked for by ann." in texts
        assert any(text.startswith("Failover: nobody is let in since ") for text in texts)


async def test_what_is_withdrawn_has_never_been() -> None:
    async with engine() as here:
        here.op("intent")
        await here.told(lambda f: f.phase == "preflight", "preflight")
        here.op("withdrawn")
        async with asyncio.timeout(5):
            while here.client.mirror.failovers:
                await anext(here.client.changes())
        assert here.failovers.ones == ()


async def test_what_aws_rejects_ends_as_refused_in_its_words() -> None:
    async with engine() as here:
        here.op("intent")
        here.op("sent")
        here.op("rejected", seen=Safe("InvalidDBInstanceState: it is backing up"))
        told = await here.told(lambda f: f.phase == "refused", "refused")
        assert told.outcome == "AWS refused it, and nothing was done: InvalidDBInstanceState: it is backing up"


async def test_one_that_nobody_asked_for_begins_with_aws_s_first_word() -> None:
    async with engine() as here:
        here.way.turn(Door.DARK)
        here.happens(STARTED, ago=20)
        told = await here.told(lambda f: f.phase == "down", "down")
        assert (told.planned, told.resource) == (False, ORDERS)
        assert told.steps[0].said == STARTED
        here.happens(STARTED, ago=20)
        here.lists("available", "eu-west-1b", "eu-west-1a")
        here.way.turn(Door.OPEN, "node-b")
        await here.told(lambda f: f.up is not None, "up")
        assert len(here.failovers.ones) == 1, "all signs are of one failover"


async def test_one_that_nobody_asked_for_begins_with_swapped_zones_and_an_old_event_begins_none() -> None:
    async with engine() as here:
        here.happens(STARTED, ago=3_000)
        assert here.failovers.ones == ()
        here.lists("available", "eu-west-1b", "eu-west-1a")
        told = await here.told(lambda f: f.phase != "requested", "more than its sign")
        assert told.steps[0].said == "its zone was eu-west-1a, is now eu-west-1b"
        assert told.before == "orders in eu-west-1a, standby in eu-west-1b"


async def test_a_status_begins_one_and_proves_nothing_of_who_has_the_role() -> None:
    async with engine() as here:
        here.way.turn(Door.RECOVERING)
        here.lists("failing-over")
        told = await here.told(lambda f: f.phase == "recovering", "recovering")
        states = {step.name: step.state for step in told.steps}
        assert (states["detect"], states["promote"]) == ("done", "under-way")
        assert {str(proof.name): proof.state for proof in told.proofs}["zones"] == "unknown"


async def test_what_only_a_person_knows_is_ticked_with_a_name_and_what_is_watched_is_not() -> None:
    async with engine() as here:
        await shut_and_opened(here)
        await here.client.request("failover.tick", {"id": OP, "step": "redirect"})
        told = await here.told(lambda f: f.steps[3].state == "done", "ticked")
        assert told.steps[3].by
        watched = await here.client.request("failover.tick", {"id": OP, "step": "promote"})
        assert watched.error is not None
        assert watched.error.what == "`promote` is watched, and not ticked."
        early = await here.client.request("failover.acknowledge", {"id": OP})
        assert early.error is not None
        assert early.error.what == "It has not ended."


async def test_an_engine_that_is_started_again_goes_on_with_it_and_says_that_nobody_looked(tmp_path: Path) -> None:
    async with engine(tmp_path) as here:
        await shut_and_opened(here)
    async with engine(tmp_path, here.core.clock) as there:
        again = await there.told(lambda f: f.probe.knocks > 5, "the same again")
        assert again.id == OP
        there.happens(COMPLETED)
        there.lists("available", "eu-west-1b", "eu-west-1a")
        done = await there.told(lambda f: f.phase == "done", "done")
        assert "Nobody looked from" in done.outcome
        rows = (await there.client.request("failover.formers", {"id": ORDERS})).rows
        assert list(rows[0]) == ["TIME", "WHAT", "BY", "OUTAGE", "TOLD BY"]
        assert (rows[1][1], rows[1][2], rows[1][4]) == ("failover", "ann", "our knocks")
        assert rows[1][3].endswith(" s")


async def test_what_has_ended_is_told_after_a_restart_and_its_events_are_not_told_again(tmp_path: Path) -> None:
    async with engine(tmp_path) as here:
        await shut_and_opened(here)
        here.happens(COMPLETED)
        here.lists("available", "eu-west-1b", "eu-west-1a")
        done = await here.told(lambda f: f.phase == "done", "done")
    async with engine(tmp_path, here.core.clock) as there:
        again = await there.told(lambda f: f.phase == "done", "the same")
        assert (again.id, again.outcome, again.down, again.up) == (done.id, done.outcome, done.down, done.up)
        assert [event.text for event in there.client.mirror.events if event.source == "failover"] == []
        there.happens(STARTED, ago=120)
        there.lists("available", "eu-west-1b", "eu-west-1a")
        assert len(there.failovers.ones) == 1, "what AWS tells again is of that one"


async def test_a_file_that_cannot_be_read_is_no_failover_and_no_harm(tmp_path: Path) -> None:
    (tmp_path / "failovers.kept").write_bytes(b'{"format": 1, "of": "one", "at": "x", "runs": [{}]}')
    async with engine(tmp_path) as here:
        assert here.failovers.ones == ()
        assert (await shut_and_opened(here)).up is not None


async def test_where_nobody_can_knock_it_says_why() -> None:
    async with engine() as here:
        here.way.lacks = "There is no login for orders."
        here.op("intent")
        told = await here.told(lambda f: bool(f.probe.trouble), "why")
        assert told.probe.trouble.startswith("There is no login for orders.")
