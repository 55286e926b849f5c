"""A broker is killed and started again, fifty times: how soon is each viewer back, and did anything stale look fresh?

Run it with `./dev bench brokers`. A real engine shares the demo by a real Mosquitto; the viewers hear it as relays do,
and are compared with one by the engine's own socket. Exit status 1 when a viewer takes ten seconds or more, or shows
as fresh what that one had known to be older three seconds before.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from console import __version__
from console.mqtt.signing import Keys, keys_of
from console.protocol.client import Client
from console.protocol.mirror import Mirror
from console.protocol.sockets import connect
from console.relay.hearing import Way
from tests.relay.lines import relayed
from tests.relay.publishing import until
from tests.rig.mosquitto import Mosquitto, mosquitto
from tests.whole.running import demo, listening

BACK_WITHIN_S = 10.0
GIVEN_UP_S = 60.0
PASSED_ON_WITHIN_S = 3.0
SAMPLE_S = 0.05
AWAY_S = (0.3, 4.0)  # the broker, by turns

Ages = Mapping[tuple[str, str], int]


def fresh(mirror: Mirror) -> dict[tuple[str, str], int]:
    """When each value was observed that is shown as current."""
    return {
        (str(name), str(value)): told.t
        for name, res in mirror.resources.items()
        for value, told in res.values.items()
        if told.s == "fresh"
    }


class Witness:
    """A viewer by the engine's own socket, and what it knew a while ago."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._past: deque[tuple[float, Ages]] = deque()

    def look(self) -> None:
        now = time.monotonic()
        self._past.append((now, fresh(self._mirror)))
        while len(self._past) > 1 and now - self._past[1][0] >= PASSED_ON_WITHIN_S:
            self._past.popleft()

    def stale_in(self, mirror: Mirror) -> Iterator[tuple[str, str]]:
        """What is shown as current there and was known to be older by then."""
        at, known = self._past[0]
        if time.monotonic() - at < PASSED_ON_WITHIN_S:
            return
        yield from (key for key, t in fresh(mirror).items() if known.get(key, 0) > t)


def is_back(mirror: Mirror, witness: Mirror) -> bool:
    """Live, and nearly all is current again that is so at the engine; what has just changed there may be on its way."""
    state = mirror.relay.state if mirror.relay else ""
    wanted = fresh(witness)
    return state == "live" and len(wanted.keys() & fresh(mirror).keys()) >= 0.95 * len(wanted)


@dataclass
class Count:
    """Over all deaths: how long each viewer took from the broker's return, and how many values were wrong, by state."""

    took: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)

    def look(self, viewer: Client, witness: Witness) -> None:
        """While it is lost nothing is current; at any other time, what is said to be is."""
        mirror = viewer.mirror
        state = str(mirror.relay.state) if mirror.relay else ""
        self.wrong[state] += len(fresh(mirror)) if state == "lost" else len(list(witness.stale_in(mirror)))


async def one_death(broker: Mosquitto, viewers: list[Client], witness: Client, away_s: float, count: Count) -> None:
    looking = Witness(witness.mirror)
    await asyncio.to_thread(broker.kill)
    until = time.monotonic() + away_s
    while time.monotonic() < until:
        looking.look()
        await asyncio.sleep(SAMPLE_S)
    await asyncio.to_thread(broker.start)
    began = time.monotonic()
    away = set(range(len(viewers)))
    while away and time.monotonic() - began < GIVEN_UP_S:
        looking.look()
        for number, viewer in enumerate(viewers):
            count.look(viewer, looking)
            if number in away and is_back(viewer.mirror, witness.mirror):
                away.remove(number)
                count.took.append(time.monotonic() - began)
        await asyncio.sleep(SAMPLE_S)
    count.took += [GIVEN_UP_S] * len(away)


async def deaths(broker: Mosquitto, keys: Keys, socket: Path, folder: Path, times: int, count: int) -> int:
    async with AsyncExitStack() as stack:
        witness = await stack.enter_async_context(Client(await connect(socket), "view", __version__))
        viewers = []
        for number in range(count):
            path = await stack.enter_async_context(relayed(folder / str(number), Way(broker.broker("kim"), keys)))
            viewers.append(await stack.enter_async_context(Client(await connect(path), "view", __version__)))
        began = time.monotonic()
        await until(lambda: all(is_back(viewer.mirror, witness.mirror) for viewer in viewers), "all viewers")
        print(f"{count} viewers show all that the engine shows {time.monotonic() - began:.1f} s after the last came")
        counted = Count()
        for number in range(times):
            await one_death(broker, viewers, witness, AWAY_S[number % len(AWAY_S)], counted)
            newest = counted.took[-count:]
            wrong = dict(+counted.wrong)
            print(f"{number + 1:3}: back after {min(newest):.1f} to {max(newest):.1f} s; wrong: {wrong}", flush=True)
    took, wrong = counted.took, counted.wrong.total()
    print(f"median {statistics.median(took):.1f} s, worst {max(took):.1f} s, {wrong} values stale as fresh")
    return int(max(took) >= BACK_WITHIN_S or wrong > 0)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--viewers", type=int, default=5)
    options = parser.parse_args()
    logging.getLogger("console").setLevel(logging.ERROR)  # that a broker is away is known
    with tempfile.TemporaryDirectory(prefix="dbc-") as name:
        folder = Path(name)
        key = folder / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
        with (
            mosquitto(folder / "broker") as broker,
            demo(folder, "--share", broker.url("kim"), "--identity", str(key)),
        ):
            keys = keys_of(key.with_suffix(".pub"))
            return asyncio.run(deaths(broker, keys, listening(folder), folder, options.times, options.viewers))


if __name__ == "__main__":
    sys.exit(main())
