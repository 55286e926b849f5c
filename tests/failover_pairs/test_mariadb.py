"""A real MariaDB pair behind one endpoint: the source is killed, its replica promoted, the endpoint led there."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.knock.knock import Door
from tests.failover_pairs.watching import found, panes, watching
from tests.rig.certificates import certificates
from tests.rig.mariadb import pair
from tests.rig.severable import Severable

PASSWORD = "only of this test"  # noqa: S105 - it opens nothing
PROFILE = {"mysql": [{"secret": "env:DBC_OF_A_TEST", "user": "watch", "encrypt": "trust"}]}


async def test_the_probe_and_the_pane_tell_the_truth_of_a_pair_whose_source_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBC_OF_A_TEST", PASSWORD)
    with pair(certificate=certificates(tmp_path).good) as both, Severable(both.source.port) as endpoint:
        for server in (both.source, both.replica):
            server.sql(
                "SET sql_log_bin = 0",
                f"CREATE USER watch@'%' IDENTIFIED BY '{PASSWORD}'",
                "GRANT SLAVE MONITOR, BINLOG MONITOR, REPLICATION MASTER ADMIN, PROCESS ON *.* TO watch@'%'",
            )
        listed = (
            found("orders", "instance", "mariadb", endpoint.port),
            found("replica", "instance", "mariadb", both.replica.port),
        )
        async with panes(tmp_path, PROFILE, "mariadb", *listed) as shown:
            await shown.look("replica", "in step")
            async with watching(PROFILE, listed[0]) as watch:
                before = watch.knocks[-1]
                await watch.act("killed", both.source.stop)
                await watch.until(Door.DARK, Door.RECOVERING)
                await shown.look("orders", "replica-lag fails")
                await shown.look("replica", "broken")
                await watch.act("led", lambda: endpoint.lead(both.replica.port))
                replica = await watch.until(Door.READ_ONLY)
                assert replica.node != before.node
                promote = ("STOP SLAVE", "RESET SLAVE ALL", "SET GLOBAL read_only = OFF")
                await watch.act("promoted", lambda: both.replica.sql(*promote))
                opened = await watch.until(Door.OPEN)
                assert opened.node == replica.node
            watch.agrees(down="killed", up="promoted")
            told = ("orders primary", "Nobody tells of any link from orders")
            await shown.look("orders", *told, without="replica-lag fails")
            await shown.look("replica", "replica primary", "Nobody tells of any link from replica")
