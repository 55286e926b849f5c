"""Who watches is known to everybody who watches."""

from __future__ import annotations

from console.engine.presence import Roster
from console.protocol.client import Client
from console.protocol.mirror import Mirror
from console.protocol.together import Presence
from tests.engine.engines import Engines


class Told:
    def __init__(self) -> None:
        self.now = 0
        self.present: dict[str, Presence] = {}
        self.roster = Roster(self._tell, lambda: self.now)

    def _tell(self, user: str, body: Presence | None) -> None:
        if body is None:
            del self.present[user]
        else:
            self.present[user] = body

    @property
    def short(self) -> dict[str, tuple[str, int, int]]:
        return {user: (each.role, each.since, each.screens) for user, each in self.present.items()}


def test_several_screens_of_one_user_are_one_presence_since_the_first() -> None:
    told = Told()
    with told.roster.here("kim", "view"):
        told.now = 5
        with told.roster.here("kim", "control"), told.roster.here("lee", "view"):
            assert told.short == {"kim": ("control", 0, 2), "lee": ("view", 5, 1)}
        assert told.short == {"kim": ("view", 0, 1)}
    assert told.short == {}
    told.now = 9
    with told.roster.here("kim", "view"):
        assert told.short == {"kim": ("view", 9, 1)}


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
