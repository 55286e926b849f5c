"""A real PostgreSQL pair behind one endpoint: the primary is killed, its standby promoted, the endpoint led there."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.knock.knock import Door
from tests.failover_pairs.watching import found, panes, watching
from tests.rig.postgres import MONITOR, PASSWORD, family
from tests.rig.severable import Severable

PROFILE = {"postgres": [{"secret": "env:DBC_OF_A_TEST", "user": MONITOR, "encrypt": "off"}]}


async def test_the_probe_and_the_pane_tell_the_truth_of_a_pair_whose_primary_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBC_OF_A_TEST", PASSWORD)
    with family() as pg, Severable(pg.primary.port) as endpoint:
        listed = (
            found("orders", "instance", "postgres", endpoint.port),
            found("replica", "instance", "postgres", pg.replica.port),
            found("cascade", "instance", "postgres", pg.cascade.port),
        )
        async with panes(tmp_path, PROFILE, "postgres", *listed) as shown:
            await shown.look("orders", "replica", "in step")
            async with watching(PROFILE, listed[0]) as watch:
                before = watch.knocks[-1]
                await watch.act("killed", pg.primary.kill)
                await watch.until(Door.DARK, Door.RECOVERING)
                await shown.look("orders", "replica-lag fails", "closed the connection")
                await shown.look("orders", "nobody has told since")
                await shown.look("replica", "broken", "There is no WAL receive")
                await watch.act("led", lambda: endpoint.lead(pg.replica.port))
                standby = await watch.until(Door.READ_ONLY)
                assert standby.node != before.node
                await watch.act("promoted", lambda: pg.replica.sql("SELECT pg_promote(true, 20)"))
                opened = await watch.until(Door.OPEN)
                assert opened.node == standby.node
            watch.agrees(down="killed", up="promoted")
            told = ("to cascade in step", "replica primary", "does so no more")
            await shown.look("orders", *told, without="replica-lag fails")
