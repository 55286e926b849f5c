"""A screen that is told of flushes, and goes where they are asked for."""

from __future__ import annotations

from collectors.readings import Inside
from console.protocol.flush import Flush
from tests.rig.stage import Seen


async def tell(seen: Seen, flush: Flush) -> None:
    """Once the screen has heard it and drawn it."""
    seen.engine.tell("flush", str(flush.id), body=flush)
    await seen.until(lambda _: seen.app.live.flushes.get(str(flush.id)) == flush)
    seen.app.repaint_now()
    await seen.pilot.pause()


async def know(seen: Seen, fact: Inside) -> None:
    """What is inside one of them."""
    seen.engine.say(fact)
    await seen.until(lambda _: seen.app.live.inside.get(fact.part, {}).get(fact.about) == fact)


async def ask(seen: Seen, about: str = "sessions-001") -> str:
    """X, on its row of the overview."""
    await seen.until(lambda _: about in seen.app.live.resources)
    seen.app.look_at(asked=about)
    await seen.until(lambda _: seen.app.view.chosen == about)
    await seen.press("X")
    return await seen.until(lambda text: f"What of {about} shall be flushed?" in text)
