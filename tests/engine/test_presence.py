"""Who watches is known to everybody who watches."""

from __future__ import annotations

from console.protocol.client import Client
from console.protocol.mirror import Mirror
from tests.engine.engines import Engines


async def heard(client: Client, screens: int) -> None:
    while sum(each.screens for each in client.mirror.presence.values()) != screens:
        await anext(client.changes())


async def test_each_screen_sees_the_others_come_and_go_and_who_asks_once_is_none(engines: Engines) -> None:
    engines.start()
    async with await engines.joined("control") as control:
        await heard(control, 1)
        async with await engines.joined("view") as view:
            await heard(control, 2)
            await heard(view, 2)
            (kim,) = view.mirror.presence.values()
            assert (kim.role, kim.screens) == ("control", 2)
            async with await engines.joined("once") as once:
                assert once.mirror.presence == view.mirror.presence
        await heard(control, 1)
        mirror: Mirror = control.mirror
        assert [each.role for each in mirror.presence.values()] == ["control"]
