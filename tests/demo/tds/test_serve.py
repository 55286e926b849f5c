"""Several servers at once, each with an answerer and faults of its own."""

from __future__ import annotations

import asyncio

import pytest

from collectors.database.rows import Rows
from collectors.readings import ResourceId
from collectors.safe import Safe
from console.demo.tds.faults import WrongPassword
from console.demo.tds.serve import served
from tests.rig.tds import DRIVERS, Answer, Script, Serving, connected, driver, fetched

ORDERS, BILLING = ResourceId(Safe("orders")), ResourceId(Safe("billing"))


def names(about: ResourceId) -> Answer:
    return lambda asked: [Rows(("name",), ((about,),))]


@pytest.mark.parametrize("name", DRIVERS)
async def test_each_server_has_a_port_an_answerer_and_faults_of_its_own(name: str) -> None:
    known = driver(name)

    def ask(server: Serving) -> list[tuple[object, ...]]:
        with connected(known, server) as connection:
            return fetched(connection, "SELECT @@SERVERNAME")

    answerers = {about: Script(names(about)) for about in (ORDERS, BILLING)}
    async with served(answerers) as listening:
        servers = {about: Serving(each.port, each.faults, lambda: None) for about, each in listening.items()}
        for about, server in servers.items():
            assert await asyncio.to_thread(ask, server) == [(about,)]
        listening[ORDERS].faults.set(WrongPassword())
        assert await asyncio.to_thread(ask, servers[BILLING]) == [(BILLING,)]
        with pytest.raises(Exception, match="18456"):
            await asyncio.to_thread(ask, servers[ORDERS])
    for server in servers.values():
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", server.port)
