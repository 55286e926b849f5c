"""A prefix of a million keys is deleted: at which pace, what do other clients feel, and how soon does it stop?

Run it with `./dev bench flush`; the tests delete 20,000. Exit status 1 when the pace is not kept, when the 99th
percentile of the others' waits is more than twice what it was, or when it takes more than a second to stop.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from console.actions.flushes.pace import MOST
from console.actions.operation import Operation
from tests.actions.flushes.servers import alone, count, keys
from tests.actions.flushes.stage import Stage, fill, listed, staged, target
from tests.rig.redis_pair import RedisServer

OTHERS = 0.1  # of as many keys, which stay
PER_S = 500  # questions of the other client
BEFORE_S = 15.0  # and after: a machine that does other things besides is not the same for long
SCOPE = "prefix:0:session:"


@dataclass(frozen=True, slots=True)
class Wait:
    at: float
    seconds: float


def ask(port: int, ends: Connection) -> None:
    """Another client, in a process of its own: at an even pace, until somebody says that it is enough."""
    waits: list[tuple[float, float]] = []
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        due = time.monotonic()
        while not ends.poll():
            due = max(due + 1 / PER_S, time.monotonic() - 0.1)
            time.sleep(max(0.0, due - time.monotonic()))
            at = time.monotonic()
            line.sendall(b"*2\r\n$3\r\nGET\r\n$7\r\nother:1\r\n")
            line.recv(4096)
            waits.append((at, time.monotonic() - at))
    ends.send(waits)


def p99(waits: Sequence[Wait]) -> float:
    return statistics.quantiles((wait.seconds for wait in waits), n=100)[98] * 1000


async def deleted(stage: Stage) -> tuple[Operation, float, float]:
    """The operation, and from when to when keys went."""
    planned = await stage.person.plan("flush.prefix", target("alone", SCOPE))
    stage.person.confirm(planned)
    await stage.person.until(planned.id, lambda o: o.state == "sent")
    began = time.monotonic()
    async with asyncio.timeout(600):
        while planned.state == "sent":
            stage.person.changed.clear()
            await stage.person.changed.wait()
    over = time.monotonic()
    return await stage.person.end(planned), began, over


async def stopped(stage: Stage, server: RedisServer) -> float:
    """How long it takes, in seconds."""
    fill(server.port, {"session:": 50_000})
    planned = await stage.person.plan("flush.prefix", target("alone", SCOPE))
    stage.person.confirm(planned)
    await stage.person.until(planned.id, lambda o: o.percent is not None)
    at = time.monotonic()
    stage.person.desk.withdraw(planned.id)
    await stage.person.until(planned.id, lambda o: o.state != "sent")
    took, there = time.monotonic() - at, count(server, "unlink")
    await asyncio.sleep(0.5)
    assert count(server, "unlink") == there, "it went on"
    return took


async def measured(folder: Path, many: int) -> bool:
    with alone(folder / "redis") as server:
        fill(server.port, {"session:": many, "other:": int(many * OTHERS)})
        ours, theirs = multiprocessing.Pipe()
        client = multiprocessing.get_context("spawn").Process(target=ask, args=(server.port, theirs))
        client.start()
        await asyncio.sleep(BEFORE_S)
        async with staged(folder, {"alone": server.port}, listed([])) as stage:
            done, began, over = await deleted(stage)
            own = server.told("latencystats")
            await asyncio.sleep(BEFORE_S)
            ours.send(None)
            waits = [Wait(*each) for each in await asyncio.to_thread(ours.recv)]
            client.join()
            left = keys(server)
            stop_s = await stopped(stage, server)
    quiet = [wait for wait in waits if wait.at < began - 1.0 or wait.at > over + 1.0]
    before = p99(quiet)
    during = p99([wait for wait in waits if began <= wait.at <= over])
    rate = many / (over - began)
    print(f"load of this machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{many:,} keys in {over - began:.1f} s: {rate:,.0f}/s of {MOST:,.0f}/s; {done.state}, {left} left")
    print(f"others' p99: {before:.2f} ms before and after, {during:.2f} ms during: x {during / before:.2f}")
    for command in ("unlink", "scan", "get"):
        print(f"  the node's own microseconds of each {command}: {own.get(f'latency_percentiles_usec_{command}')}")
    print(f"stopped in {stop_s * 1000:.0f} ms")
    return rate <= MOST * 1.05 and during <= 2 * before and stop_s < 1.0 and left == {"db0": int(many * OTHERS)}


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--keys", type=int, default=1_000_000)
    with tempfile.TemporaryDirectory() as folder:
        return 0 if asyncio.run(measured(Path(folder), reader.parse_args().keys)) else 1


if __name__ == "__main__":
    sys.exit(main())
