"""An engine in this process, past all of whose sockets and screens its parts are called."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from console.actions.craft import Craft
from console.actions.gate import Gate
from console.actions.plan import Plan
from console.engine.acting.begin import Actor
from console.engine.engine import Engine
from console.specs import Play
from profiles.model import Profile
from tests.rig.acting.console import PATIENCE_S, Console, comes


@asynccontextmanager
async def inside(play: Play, folder: Path, profile: Profile | None = None) -> AsyncIterator[Actor]:
    """An engine of the same play in this process: all that it is made of can be called, past every socket."""
    console = Console(folder, play)
    console.state.mkdir(parents=True)
    engine = Engine(replace(console.spec, guard=os.getppid()), profile=profile)
    running = asyncio.create_task(engine.run())
    actor = engine._actor
    assert actor is not None
    try:
        assert await comes(lambda: len(engine._outside.aws.known.everywhere()) > 5, PATIENCE_S)
        yield actor
    finally:
        engine.leave()
        await running


async def forged(gate: Gate, craft: Craft, found: Plan) -> Plan:
    """All that a plan would have where everything was well."""
    sight = (await gate.look(craft, found)).sight
    checks = tuple((name, "pass") for name, _ in found.checks)
    return replace(found, parameters=craft.parameters(found.target, sight), expected=sight.fingerprint, checks=checks)
