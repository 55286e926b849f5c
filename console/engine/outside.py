"""What an engine reads: AWS as a profile says, or the embedded estate behind an emulator of it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from collectors.attention import Attention
from collectors.aws.meter import Meter
from collectors.aws.sessions import Sessions
from collectors.errors import Trouble
from collectors.threads import Threads
from console import __version__, profiles
from console.demo.emulator.launch import Emulator
from console.demo.told import telling
from console.engine.aws import Aws
from console.engine.core import Core
from console.engine.databases import Databases, LiveDatabases
from console.engine.ghosts import Haunting
from console.engine.inquiries import Inquiries
from console.engine.spending import Spending
from console.engine.wait_memory import Pasts
from console.specs import AwsOptions, Play
from profiles.model import Profile

log = logging.getLogger(__name__)

LOOKED_FOR_AGAIN_S = 30.0  # an account whose region is not known may be given one meanwhile
AGENT = f"dbconsole/{__version__}"  # how AWS's own records name this program
KEYS = ("AKIADEMO", "demo")  # of whoever plays; by any other the emulator lets read


class Outside:
    """Everything behind the collectors: threads, sessions, the meter, and in the demo the emulator."""

    def __init__(
        self,
        core: Core,
        profile: Profile,
        *,
        play: Play | None,
        aws: AwsOptions,
        folder: Path | None,
        log_folder: Path | None = None,
        lasting: bool = True,
        run: str = "",
    ) -> None:
        """``lasting``: others may ask the emulator too, and so are told where it is. ``run``: whose ledger it has."""
        now = core.clock.now
        self._core, self._profile, self._play = core, profile, play
        self.emulator = _emulator(play, log_folder, run) if play and play.endpoint is None else None
        self.endpoint = endpoint = self.emulator.endpoint if self.emulator else play.endpoint if play else None
        self._threads = Threads()
        meter = Meter(profiles.prices(profile), now)
        self.spending = Spending(meter, profile.cost, folder)
        self.prepare = telling(now) if play else None
        self.sessions = Sessions(self._threads, meter, self.prepare, agent=AGENT, now=now)
        self._declared = profiles.accounts(profile, aws_profile=aws.profile, region=aws.region)
        if endpoint is not None:
            self._declared = [
                (replace(account, profile=None, role_arn=None, endpoint=endpoint, keys=KEYS), regions)
                for account, regions in self._declared
            ]
        self.aws = Aws(
            profile,
            self.sessions,
            core.schedule,
            spending=self.spending,
            attention=lambda: Attention(core.publisher.visible, core.publisher.sick),
            now=now,
            seen_before=core.estate.resources,
        )
        pasts = Pasts(core.wait_memory, now, lambda about, body: core.teller.state("ghost", about, body=body))
        price = self.spending.price_per_metric
        self._haunting = Haunting(self.aws.desk, self.aws.place_of, pasts.metered, price)
        self.summon, self.recollect = self._haunting.summon, pasts.recollect
        played = None if play is None else replace(play, endpoint=endpoint)
        self.databases = _databases(core, profile, played, self.aws, self.sessions)
        self.inquire = Inquiries(self.databases.servers, log_folder).inquire
        core.joined_with(self.aws, self.spending, self.databases, endpoint if lasting else None)

    async def begin(self) -> Sequence[Trouble]:
        """Put all collectors on the schedule; what is in the way of some."""
        await self.databases.begin()
        return await self._find()

    async def _find(self) -> Sequence[Trouble]:
        troubles = await self.aws.find(self._declared)
        self._core.looks_elsewhere()
        return troubles

    async def live(self) -> None:
        """Begin, and go on until cancelled: whatever was in the way may be mended, and the emulator may die."""
        troubles = await self.begin()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._find_again(troubles))
            group.create_task(self._identify())
            if self.emulator is not None:
                group.create_task(self.emulator.supervise())

    async def _find_again(self, troubles: Sequence[Trouble]) -> None:
        while troubles:
            self._core.hindered_by(troubles)
            await asyncio.sleep(LOOKED_FOR_AGAIN_S)
            troubles = await self._find()
        self._core.hindered_by(())

    async def _identify(self) -> None:
        """Whose role this is, is worth a line and no trouble: what is in the way is told by whatever else is asked."""
        found = self.aws.whereabouts
        while True:
            await self.aws.identify()
            if self.aws.whereabouts != found:
                found = self.aws.whereabouts
                self._core.looks_elsewhere()
            await asyncio.sleep(LOOKED_FOR_AGAIN_S)

    async def end(self) -> None:
        """Before `close`, on the loop that it began on."""
        await self.databases.end()

    def close(self) -> None:
        if self.emulator is not None:
            self.emulator.close()
        self.sessions.close()


def _emulator(play: Play, folder: Path | None, run: str) -> Emulator:
    """What was done outlives it where something can be kept and the next engine is of the same run."""
    if folder is None:
        return Emulator(play)
    return Emulator(play, folder / "emulator.log", ledger=folder / "emulator.ledger" if run else None, run=run)


def _databases(
    core: Core, profile: Profile, play: Play | None, aws: Aws, sessions: Sessions
) -> Databases:
    if play is not None:
        from console.demo.databases import DemoDatabases  # noqa: PLC0415 - for the demo alone

        return DemoDatabases(core, play, profile)
    live = LiveDatabases(core, profile, aws.known.find, sessions.reader, keyed=sessions.keyed)
    aws.on_news = live.list_is
    return live


@asynccontextmanager
async def outside(core: Core, profile: Profile, play: Play | None, aws: AwsOptions) -> AsyncIterator[Outside]:
    """For one answer: nothing is kept, and what was started is ended."""
    found = Outside(core, profile, play=play, aws=aws, folder=None, lasting=False)
    try:
        core.hindered_by(await found.begin())
        yield found
    finally:
        await found.end()
        with contextlib.suppress(OSError):
            found.close()
