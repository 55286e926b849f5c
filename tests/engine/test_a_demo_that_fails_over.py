"""An engine whose demo fails over: what is asked of a database stops while nobody is let in, and goes on by itself."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest

from console.protocol.mirror import Mirror
from tests.engine.engines import ORDERS, WAIT, Engines
from tests.rig.battery import some
from tests.rig.tds import FREETDS, driver

SCENARIO = """name = "mine"
estate = "resilient-database"
[[at]]
seconds = 0
resource = "orders-primary"
set = { "failover.dark_s" = 15, "failover.recovery_s" = 40 }
[[at]]
seconds = 450
resource = "orders-primary"
cause = "failover"
"""
OPENS_S = 450 + 15 + 40 + 2


@pytest.mark.parametrize("wire", some([False, True], 1))
async def test_waits_are_told_again_once_it_is_open(engines: Engines, tmp_path: Path, wire: bool) -> None:
    named = driver(FREETDS).named if wire else ""
    path = tmp_path / "mine.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    play = engines.spec.play
    assert play is not None
    play = replace(play, scenario=str(path), speed=30.0, anchor=time.monotonic(), wire=wire, driver=named)
    engines.start(replace(engines.spec, play=play))
    opens = 1000 * (play.start.timestamp() + OPENS_S)

    def times(mirror: Mirror) -> list[float]:
        past = mirror.hist.get(ORDERS, {}).get(WAIT)
        return [float(t) for t in past.columns()[0]] if past is not None else []

    async with await engines.joined("control") as client, asyncio.timeout(60):
        await client.request("see", {"ids": [ORDERS]})
        async for _ in client.changes():
            if max(times(client.mirror), default=0.0) > opens + 15_000:
                break
        told = times(client.mirror)
    shut = [t for t in told if opens - 50_000 < t < opens - 3_000]
    assert shut == []
    assert min(told) < opens - 57_000
