"""What does looking into one SQL Server cost us? Each collector over real TDS, by each driver that is here.

Run it with `./dev bench sqlserver`. The server is a process of its own, so that its work is not counted. CPU is of the
whole collecting process for one pass, threads and driver among it; the share is what that comes to at its own pace.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.all import collectors
from collectors.sqlserver.asking import Server, Servers
from collectors.sqlserver.collector import SqlServerCollector
from collectors.sqlserver.wire.target import Encryption, Target
from collectors.sqlserver.wire.wired import Wired
from collectors.threads import Threads
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.sqlserver.server import WHOLE_TIME
from console.demo.sqlserver.wire import Given, ModelAnswerer
from console.demo.tds.serve import served
from tests.rig.tds import drivers

ROOT = Path(__file__).parents[2]
ABOUT = ResourceId(Safe("orders-primary"))
BEGINS = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SPEED = 600.0  # so that there is something new at each pass
PASSES = 20
PASSWORD = "of a benchmark"  # noqa: S105 - it opens nothing


@dataclass(frozen=True, slots=True)
class One(Servers):
    server: Server

    def of(self, about: ResourceId) -> Server:
        return self.server


@dataclass(frozen=True, slots=True)
class Figures:
    readings: int
    cpu_ms: float
    wall_ms: float


def clock() -> datetime:
    return BEGINS + timedelta(seconds=time.monotonic() % 86_400 * SPEED)


async def serve() -> None:
    model = Model(1, clock().timestamp(), MACHINES)
    async with served({ABOUT: ModelAnswerer(model, ABOUT, clock, PASSWORD)}) as listening:
        print(listening[ABOUT].port, flush=True)
        await asyncio.to_thread(sys.stdin.read)


@contextmanager
def server() -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.sqlserver", "--serve"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.communicate()


async def measured(collector: SqlServerCollector) -> Figures:
    for _ in range(2):
        readings = len([reading async for reading in collector.collect(ABOUT)])
    walls, cpu = [], time.process_time()
    for _ in range(PASSES):
        began = time.perf_counter()
        readings = len([reading async for reading in collector.collect(ABOUT)])
        walls.append(time.perf_counter() - began)
    return Figures(readings, (time.process_time() - cpu) / PASSES * 1000, statistics.median(walls) * 1000)


async def by(driver: str, port: int) -> float:
    target = Target("127.0.0.1", port, Encryption.OFF)
    wired = Wired(target, Given(PASSWORD), Threads(), time.monotonic, driver=driver, budget=WHOLE_TIME)
    share = 0.0
    for collector in collectors(One(wired), clock):
        found = await measured(collector)
        part = found.cpu_ms / collector.every.total_seconds() / 10
        share += part
        print(f"  {collector.name:10} {len(collector.asks):2} statements {found.readings:3} readings "
              f"{found.cpu_ms:7.1f} ms CPU {found.wall_ms:7.1f} ms wall {part:6.3f} % at its pace")  # fmt: skip
    await wired.close()
    return share


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench sqlserver", description=__doc__)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    if parser.parse_args().serve:
        asyncio.run(serve())
        return 0
    for name, named in drivers():
        with server() as port:
            print(name)
            print(f"  together {asyncio.run(by(named, port)):.2f} % of a core for one server")
    return 0


if __name__ == "__main__":
    sys.exit(main())
