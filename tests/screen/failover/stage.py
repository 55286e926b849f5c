"""A screen that is told of failovers, and is on the one of them."""

from __future__ import annotations

from console.protocol.failover import Failover
from tests.rig.stage import Seen

OPEN = ("colon", *"fo", "enter")


async def tell(seen: Seen, run: Failover) -> None:
    """Once the screen has heard it and drawn it."""
    seen.engine.tell("failover", str(run.id), body=run)
    await seen.until(lambda _: seen.app.live.failovers.get(str(run.id)) == run)
    seen.app.repaint_now()
    await seen.pilot.pause()


async def opened(seen: Seen, run: Failover) -> str:
    """Its screen, from the overview."""
    await tell(seen, run)
    await seen.press(*OPEN)
    return await seen.until(lambda text: "WHAT SHOWS IT" in text)
