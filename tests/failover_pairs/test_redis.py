"""A real Redis pair behind one endpoint: the primary is killed, its replica promoted, the endpoint led there."""

from __future__ import annotations

from pathlib import Path

from collectors.knock.knock import Door
from tests.failover_pairs.watching import found, panes, watching
from tests.rig.redis_pair import redis_copies
from tests.rig.severable import Severable

PROFILE = {"redis": [{"tls": False}]}


async def test_the_probe_and_the_pane_tell_the_truth_of_a_pair_whose_primary_is_killed(tmp_path: Path) -> None:
    with redis_copies(tmp_path / "redis", 1) as (primary, (copy,)), Severable(primary.port) as endpoint:
        listed = (
            found("sessions", "cache", "redis", endpoint.port),
            found("replica", "cache", "redis", copy.server.port),
        )
        async with panes(tmp_path, PROFILE, "redis", *listed) as shown:
            await shown.look("sessions", "in step")
            async with watching(PROFILE, listed[0]) as watch:
                before = watch.knocks[-1]
                await watch.act("killed", primary.kill)
                await watch.until(Door.DARK, Door.RECOVERING)
                await shown.look("sessions", "replica-lag fails")
                await shown.look("replica", "broken")
                await watch.act("led", lambda: endpoint.lead(copy.server.port))
                replica = await watch.until(Door.READ_ONLY)
                assert replica.node != before.node
                await watch.act("promoted", lambda: copy.server.say("REPLICAOF", "NO", "ONE"))
                opened = await watch.until(Door.OPEN)
                assert opened.node == replica.node
            watch.agrees(down="killed", up="promoted")
            await shown.look("sessions", "sessions primary", "replica primary", without="replica-lag fails")


async def test_one_that_hands_over_of_its_own_will_is_open_again_as_the_other(tmp_path: Path) -> None:
    with redis_copies(tmp_path / "redis", 1) as (primary, (copy,)), Severable(primary.port) as endpoint:
        copy.line.lead(primary.port)
        async with watching(PROFILE, found("sessions", "cache", "redis", endpoint.port)) as watch:
            await watch.act("handed over", lambda: primary.say("FAILOVER"))
            await watch.until(Door.READ_ONLY)
            await watch.act("led", lambda: endpoint.lead(copy.server.port))
            opened = await watch.until(Door.OPEN)
        assert opened.node != watch.knocks[0].node
        assert Door.DARK not in {each.door for each in watch.knocks}
