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
from collectors.sqlserver.asking import Servers
from collectors.threads import Threads
from console import __version__, profiles
from console.demo.emulator.launch import Emulator
from console.demo.told import telling
from console.engine.aws import Aws
from console.engine.core import Core
from console.engine.ghosts import Haunting
from console.engine.inquiries import Inquiries
from console.engine.insiders import insiders
from console.engine.spending import Spending
from console.engine.wait_memory import Pasts
from console.specs import AwsOptions, Play
from profiles.model import Profile

log = logging.getLogger(__name__)

LOOKED_FOR_AGAIN_S = 30.0  # an account whose region is not known may be given one meanwhile
KEYS = ("AKIADEMO", "demo")  # the emulator believes any


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
    ) -> None:
        """``lasting``: others may ask the emulator too, and so are told where it is."""
        now = core.clock.now
        self._core, self._profile, self._play = core, profile, play
        self.emulator = Emulator(play, log_folder / "emulator.log" if log_folder else None) if play else None
        self._threads = Threads()
        meter = Meter(profiles.prices(profile), now)
        self.spending = Spending(meter, profile.cost, folder)
        prepare = telling(now) if play else None
        self._sessions = Sessions(self._threads, meter, prepare, agent=f"dbconsole/{__version__}")
        self._declared = profiles.accounts(profile, aws_profile=aws.profile, region=aws.region)
        if self.emulator is not None:
            self._declared = [
                (replace(account, profile=None, role_arn=None, endpoint=self.emulator.endpoint, keys=KEYS), regions)
                for account, regions in self._declared
            ]
        self._aws = Aws(
            profile,
            self._sessions,
            core.schedule,
            spending=self.spending,
            attention=lambda: Attention(core.publisher.visible, core.publisher.sick),
            now=now,
            seen_before=core.estate.resources,
        )
        pasts = Pasts(core.wait_memory, now, lambda about, body: core.teller.state("ghost", about, body=body))
        price = self.spending.price_per_metric
        self._haunting = Haunting(self._aws.desk, self._aws.place_of, pasts.metered, price)
        self.summon, self.recollect = self._haunting.summon, pasts.recollect
        self._servers: Servers | None = None  # of a live estate: none are known yet
        self.inquire = Inquiries(lambda: self._servers, log_folder).inquire
        endpoint = self.emulator.endpoint if self.emulator and lasting else None
        core.joined_with(self._aws, self.spending, endpoint)

    async def begin(self) -> Sequence[Trouble]:
        """Put all collectors on the schedule; what is in the way of some."""
        if self._play is not None:
            self._servers = _add_model(self._core, self._play, self._profile)
        return await self._find()

    async def _find(self) -> Sequence[Trouble]:
        troubles = await self._aws.find(self._declared)
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
        found = self._aws.whereabouts
        while True:
            await self._aws.identify()
            if self._aws.whereabouts != found:
                found = self._aws.whereabouts
                self._core.looks_elsewhere()
            await asyncio.sleep(LOOKED_FOR_AGAIN_S)

    def close(self) -> None:
        if self.emulator is not None:
            self.emulator.close()
        self._sessions.close()


def _add_model(core: Core, play: Play, profile: Profile) -> Servers:
    """What has no collector of its own yet answers from the model that the emulator answers from."""
    from console.demo.collectors import model_servers, model_sources  # noqa: PLC0415 - for the demo alone

    servers = model_servers(play, core.clock.now)
    insiders(core, servers, profile).look_into(
        machine.id for machine in servers.model.machines.values() if machine.engine.startswith("sqlserver")
    )
    for collector, targets in model_sources(servers.model, core.clock.now):
        for target in targets:
            core.schedule.add(collector, target, profiles.every(profile, collector.name))
    return servers


@asynccontextmanager
async def outside(core: Core, profile: Profile, play: Play | None, aws: AwsOptions) -> AsyncIterator[Outside]:
    """For one answer: nothing is kept, and what was started is ended."""
    found = Outside(core, profile, play=play, aws=aws, folder=None, lasting=False)
    try:
        core.hindered_by(await found.begin())
        yield found
    finally:
        with contextlib.suppress(OSError):
            found.close()
