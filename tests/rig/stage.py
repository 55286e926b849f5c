"""An engine that stands still at a moment of the demo, and a screen on it, in one process: what is shown is known."""

from __future__ import annotations

import os
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest.mock import patch

from textual import events
from textual._wait import wait_for_idle
from textual.pilot import Pilot

from collectors.errors import Trouble
from collectors.readings import Reading, ResourceId
from console import __version__
from console.engine.answers import Answers, Inquire
from console.engine.core import Core
from console.engine.together.together import Together
from console.environment import Able, Colours, SymbolSet
from console.protocol.bodies import Command
from console.protocol.body import Body
from console.protocol.requests import Access, Handler, Requests, Said
from console.protocol.serve import serve, unnoticed
from console.protocol.sockets import SocketLink, listen
from console.screen.app import ConsoleApp
from console.specs import Asked, Mode, ScreenSpec
from tests.rig.played import played

NOTHING_ASKED = Asked()
DEADLINE_S = 30.0  # tests run side by side, on machines that are busy
STILLNESS_S = 0.15
_AGES = re.compile(r"\b\d+s\b")  # by the machine's own clock: they never stand still


class StandingEngine:
    """Publishes when it is told to."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self._now = 0.0
        self._links: list[SocketLink] = []
        self._is_seen = False
        self.inquire: Inquire | None = None  # what is asked by hand, where a test has an answer
        self.acted: list[Command] = []  # what was asked of the gate, in the order it came
        self.here = 0  # how often it was told of a key
        self.act: Handler | None = None  # the gate, where a test has one
        self.together: Together | None = None  # what people do, where a test is about it

    def say(self, *readings: Reading) -> None:
        """What is new, now."""
        for reading in readings:
            self.core.estate.fold(reading)
        self._now += 10.0
        self.core.publisher.step(self._now, 100_000)

    async def serve(self, link: SocketLink) -> None:
        self._links.append(link)
        answer = Requests(self._answer)
        here = self.together.attendance.joined if self.together else unnoticed
        await serve(link, self.core.hub, access=Access.CONTROL, version=__version__, answer=answer, here=here)

    def gather(self) -> Together:
        """From now on people are told of each other."""
        self.together = Together(self.core.teller, self.core.now_ms)
        return self.together

    @property
    def answers(self) -> Answers:
        return Answers(self._see, self.core.schedule, inquire=self._inquire, together=self.together)

    async def _answer(self, command: Command, access: Access, user: str) -> Said | None:
        if self.act is None or not command.name.startswith(("act.", "approve", "audit", "failover.")):
            return await self.answers(command, access, user)
        if command.name == "act.here":
            self.here += 1
            return None
        self.acted.append(command)
        return await self.act(command, access, user)

    def tell(self, *path: str, body: Body | None) -> None:
        """A state that no reading makes; None: it is no more."""
        self.core.teller.state(*path, body=body)

    async def _inquire(self, about: ResourceId, question: str, args: Mapping[str, object]) -> Said:
        if self.inquire is None:
            raise Trouble("Nothing is asked of this engine's servers.")
        return await self.inquire(about, question, args)

    def _see(self, _: object) -> None:
        """All of it is told once, whatever is looked at."""
        if not self._is_seen:
            self._is_seen = True
            self.core.publisher.see(self.core.estate.resources)
            self.say()

    async def vanish(self) -> None:
        for link in self._links:
            await link.close()


@asynccontextmanager
async def standing_engine(path: Path) -> AsyncIterator[StandingEngine]:
    """It has played a minute of the demo, and listens at ``path``."""
    core = await played()
    engine = StandingEngine(core)
    engine.say()
    server = await listen(path, 0o600, engine.serve)
    try:
        yield engine
    finally:
        server.close()
        await engine.vanish()


@dataclass
class Seen:
    """A screen as its user has it: keys in, text out."""

    app: ConsoleApp
    pilot: Pilot[int]
    engine: StandingEngine

    @property
    def text(self) -> str:
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def has_history(self) -> bool:
        """Whether every history that was asked for is there."""
        series = [each for by_name in self.app.picture.hist.values() for each in by_name.values()]
        return len(series) > 50 and any(len(each.columns()[0]) > 100 for each in series)

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def burst(self, *keys: str) -> None:
        """All of them at once, as a slow line brings what was typed meanwhile."""
        for key in keys:
            character = {"enter": None, "escape": None, "colon": ":", "space": " ", "slash": "/"}.get(key, key)
            self.app.post_message(events.Key(key, character))
        await self.pilot.pause()

    async def until(self, holds: Callable[[str], bool]) -> str:
        """The text, once it holds."""
        end = time.monotonic() + DEADLINE_S
        while not holds(self.text):
            assert time.monotonic() < end, f"this never came to hold:\n{self.text}"
            await self.pilot.pause(0.01)
        return self.text

    async def until_still(self) -> str:
        """The text, once all that was asked for is there and nothing has moved for a moment."""
        text, since, end = "", time.monotonic(), time.monotonic() + DEADLINE_S
        while time.monotonic() - since < STILLNESS_S or not self.has_history:
            assert time.monotonic() < end, f"this never stood still:\n{text}"
            await self.pilot.pause(0.05)
            if (now := _AGES.sub("", self.text)) != text:
                text, since = now, time.monotonic()
        self.app.repaint_now()
        await self.pilot.pause()
        return self.text


@asynccontextmanager
async def as_at_the_start() -> AsyncIterator[None]:
    """What was heard of NO_COLOR is not for Textual as well: see `console/screen/start.py`.

    After each key Textual's pilot waits up to a second for the process to use no time at all, which a machine that is
    busy with other tests never sees. Messages are waited for anyhow, and what is to be shown by `until`.
    """
    brief = partial(wait_for_idle, max_sleep=0.1)
    with (
        patch.dict(os.environ),
        patch("textual.app.wait_for_idle", brief),
        patch("textual.pilot.wait_for_idle", brief),
        patch("console.screen.head.SPOKEN_LATELY_S", DEADLINE_S),  # an engine that stands still says nothing
    ):
        for name in ("NO_COLOR", "TMUX", "STY", "UPTERM_ADMIN_SOCKET"):  # whoever tests may sit in one that is shared
            os.environ.pop(name, None)
        yield


@asynccontextmanager
async def screen(
    folder: Path,
    size: tuple[int, int] = (120, 40),
    *,
    mode: Mode = "control",
    symbols: SymbolSet = "braille",
    colours: Colours | None = None,  # None: as NO_COLOR has it
    asked: Asked = NOTHING_ASKED,
    looks_file: Path | None = None,
    may_suspend: bool = False,
    make: type[ConsoleApp] = ConsoleApp,
) -> AsyncIterator[Seen]:
    """A screen of that size on an engine of its own, once it shows values."""
    address = folder / "control.sock"
    able = Able(symbols, colours or ("none" if os.environ.get("NO_COLOR") else "16"), remote=True)
    spec = ScreenSpec(address, mode, "resilient-database", able, asked, looks_file)
    async with standing_engine(address) as engine, as_at_the_start():
        app = make(spec, may_suspend=may_suspend)
        async with app.run_test(size=size) as pilot:
            seen = Seen(app, pilot, engine)
            await seen.until(lambda text: seen.has_history and ("billing" in text or min(size) < 10))
            app.repaint_now()
            await pilot.pause()
            yield seen
