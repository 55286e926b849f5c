"""Two SQL Servers behind one endpoint, over TDS and TLS: one is gone, the other refuses, is read-only, and opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.database.rows import Rows
from collectors.knock.knock import Door
from console.demo.tds.faults import WrongPassword
from console.demo.tds.session import House
from tests.failover_pairs.watching import found, watching
from tests.rig import tds
from tests.rig.certificates import certificates
from tests.rig.severable import Severable

COLUMNS = ("asked", "updateability", "status", "node")


def node(name: str, updateability: str) -> tds.Script:
    return tds.Script(lambda _: [Rows(COLUMNS, (("rdsadmin", updateability, "ONLINE", name),))])


@pytest.mark.parametrize("name", tds.DRIVERS)
async def test_the_probe_tells_each_state_of_the_other_node_as_it_comes(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBC_OF_A_TEST", tds.PASSWORD)
    login = {"secret": "env:DBC_OF_A_TEST", "user": tds.USER, "encrypt": "trust", "driver": tds.driver(name).named}
    certificate = certificates(tmp_path).good
    old, new = node("NODE-A", "READ_WRITE"), node("NODE-B", "READ_ONLY")
    with (
        tds.serving(old, House(old, certificate, required=True)) as primary,
        tds.serving(new, House(new, certificate, required=True)) as standby,
        Severable(primary.port) as endpoint,
    ):
        listed = found("orders", "instance", "sqlserver-se", endpoint.port)
        async with watching({"sqlserver": [login]}, listed) as watch:
            await watch.act("gone", primary.stop)
            await watch.until(Door.DARK, Door.RECOVERING)
            standby.faults.set(WrongPassword())
            await watch.act("led", lambda: endpoint.lead(standby.port))
            refused = await watch.until_so(lambda each: "18456" in each.said)
            assert (refused.door, refused.may_log_in) == (Door.RECOVERING, False)
            await watch.act("lets in", standby.faults.set)
            assert (await watch.until(Door.READ_ONLY)).node == "NODE-B"
            rows = Rows(COLUMNS, (("rdsadmin", "READ_WRITE", "ONLINE", "NODE-B"),))
            await watch.act("promoted", lambda: setattr(new, "answer_by", lambda _: [rows]))
            assert (await watch.until(Door.OPEN)).node == "NODE-B"
        watch.agrees(down="gone", up="promoted")
