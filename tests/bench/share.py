"""What does sharing cost, and how late is what a viewer sees? One publisher of 100 resources, 20 viewers, three ways.

Run it with `./dev bench share`; `--flood` also has junk sent for a minute while somebody views. Exit status 1 when a
target is missed. A delay is from the moment at which the engine's hub has a message (its `at`, in whole milliseconds of
this machine's clock) until a viewer's own engine has it off the wire; for ticks, also until a client at that engine's
socket has it: what a screen draws from.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from console import __version__
from console.mqtt.address import Broker
from console.mqtt.aiomqtt_carrier import AiomqttCarrier
from console.mqtt.carrier import Heard, Will
from console.mqtt.signing import Keys
from console.protocol.client import Client
from console.protocol.codec import decode
from console.protocol.link import Link
from console.protocol.sockets import connect
from console.protocol.topics import parse
from console.relay.hearing import Way
from console.relay.relay import RelayEngine
from console.specs import RelaySpec, ShareOptions
from tests.rig.mosquitto import Mosquitto, mosquitto
from tests.rig.terminal import Terminal, wait_until
from tests.whole.collecting import Collecting, collecting

ROOT = Path(__file__).parents[2]
ESTATE = "resilient-database"
WAYS = ("socket", "mosquitto", "embedded")
ACL = """
user engine
topic readwrite dbo/v1/#
user kim
topic read dbo/v1/#
user mallory
topic readwrite #
pattern write dbo/v1/+/cmd/%u
"""
WORKERS = 4
SETTLED_S, JOINING_MAY_TAKE_S = 20.0, 120.0
CALM_MS, CALM_S = 400.0, 3.0  # so little late for so long: what was kept has been read
LATE_MS, KEY_MS = 250.0, 200.0
FLOOD_PER_S, FLOOD_S = 5_000, 60.0


@dataclass(frozen=True, slots=True)
class Figures:
    way: str
    viewers: int
    joined_s: float  # until all of them, who came at once and share this machine, were no longer behind
    messages: int  # in the window, on the wire to each; by a socket: ticks
    missed: int  # of them, by any viewer
    wire_p50_ms: float
    wire_p95_ms: float
    wire_p99_ms: float
    tick_p50_ms: float  # the same up to a screen's socket
    tick_p95_ms: float
    tick_p99_ms: float
    engine_cpu_percent_alone: float
    engine_cpu_percent: float
    engine_cpu_percent_per_viewer: float
    broker_cpu_percent: float
    aws_requests_per_min_alone: float
    aws_requests_per_min: float


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    if options.worker:
        asyncio.run(_work(json.loads(options.worker)))
        return 0
    measured = [measure(way, options.viewers, options.size, options.window) for way in options.ways]
    for field in asdict(measured[0]) if measured else ():
        shown = (getattr(each, field) for each in measured)
        print(f"{field:30}" + "".join(f"{each:>12}" if isinstance(each, str) else f"{each:>12.4g}" for each in shown))
    missed = [f"{each.way}: {each.missed} messages missed" for each in measured if each.missed]
    missed += [f"{each.way}: p95 over {LATE_MS:g} ms" for each in measured if each.tick_p95_ms > LATE_MS]
    if options.flood:
        missed += flood(options.size)
    print("missed: " + "; ".join(missed) if missed else "all targets met")
    return 1 if missed else 0


def measure(way: str, viewers: int, size: int, window_s: float) -> Figures:
    with tempfile.TemporaryDirectory(prefix="dbc-") as base, published(way, Path(base), size) as (service, place):
        time.sleep(SETTLED_S)
        socket = Path(base) / "runtime" / ESTATE / "view.sock"
        alone = _over(service, None, socket, window_s / 2)
        began, window = time.monotonic(), Path(base) / "window.json"
        place |= {"viewers": viewers // WORKERS, "socket": str(socket), "window": str(window)}
        said = [json.dumps({**place, "out": f"{base}/worker-{number}.json"}) for number in range(WORKERS)]
        command = [sys.executable, "-m", "tests.bench.share", "--worker"]
        workers = [subprocess.Popen([*command, each], cwd=ROOT) for each in said]
        try:
            wait_until(lambda: len(list(Path(base).glob("*.calm"))) == WORKERS, "calm", JOINING_MAY_TAKE_S)
            joined = time.monotonic() - began
            _write(window, {"start": time.time(), "end": time.time() + window_s})
            beside = _over(service, place.get("broker_pid"), socket, window_s)
            for worker in workers:
                assert worker.wait(60) == 0, "a worker failed"
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
        told = [one for n in range(WORKERS) for one in json.loads(Path(f"{base}/worker-{n}.json").read_text())]
        return _figures(way, told, alone, beside, joined)


def _figures(
    way: str, told: list[dict[str, Any]], alone: dict[str, float], beside: dict[str, float], joined: float
) -> Figures:
    wire = [{int(seq): late for seq, late in each["wire" if way != "socket" else "ticks"].items()} for each in told]
    everything = set().union(*wire)
    lates = sorted(late for each in wire for late in each.values())
    ticks = sorted(late for each in told for late in each["ticks"].values())
    return Figures(
        way=way,
        viewers=len(told),
        joined_s=joined,
        messages=len(everything),
        missed=sum(len(everything) - len(each) for each in wire),
        **{f"wire_p{part}_ms": _part(lates, part) for part in (50, 95, 99)},
        **{f"tick_p{part}_ms": _part(ticks, part) for part in (50, 95, 99)},
        engine_cpu_percent_alone=alone["engine"],
        engine_cpu_percent=beside["engine"],
        engine_cpu_percent_per_viewer=(beside["engine"] - alone["engine"]) / len(told),
        broker_cpu_percent=beside["broker"],
        aws_requests_per_min_alone=alone["requests"],
        aws_requests_per_min=beside["requests"],
    )


def _part(rising: Sequence[float], percent: int) -> float:
    return rising[int(percent / 100 * len(rising))] if rising else float("nan")


@contextmanager
def published(way: str, folder: Path, size: int) -> Iterator[tuple[Collecting, dict[str, Any]]]:
    """A collector that is shared, and what a viewer must know."""
    key = folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    place: dict[str, Any] = {"way": way, "key": f"{key}.pub"}
    demo = ("--demo", "--size", str(size))
    if way == "mosquitto":
        with mosquitto(folder / "broker", users=("engine", "kim", "mallory"), acl=ACL) as broker:
            place |= {"port": broker.port, "user": "kim", "password": "kim", "broker_pid": _pid(broker)}
            share = ("--share", broker.url("engine"), "--identity", str(key))
            with collecting(folder, *demo, *share, DBCONSOLE_SHARE_PASSWORD="engine") as service:  # noqa: S106
                service.line()
                yield service, place
        return
    own = ("--share", "embedded", "--identity", str(key)) if way == "embedded" else ()
    with collecting(folder, *demo, *own) as service:
        found = re.search(r"127\.0\.0\.1:(\d+)/.*--password-file (.*?)`", service.line())
        if found is not None:
            place |= {"port": int(found[1]), "user": "kim", "password": Path(found[2]).read_text().strip()}
        yield service, place


def _pid(broker: Mosquitto) -> int:
    assert broker.process is not None
    return broker.process.pid


def _over(service: Collecting, broker: int | None, socket: Path, seconds: float) -> dict[str, float]:
    """Percent of a core, and requests a minute, over the next while."""
    pids = {"engine": service.engine(), "broker": broker}
    before, asked, began = {each: _cpu(pid) for each, pid in pids.items()}, _requests(socket), time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - began
    used = {each: 100 * (_cpu(pid) - before[each]) / took for each, pid in pids.items()}
    return used | {"requests": 60 * (_requests(socket) - asked) / took}


def _cpu(pid: int | None) -> float:
    if pid is None:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _requests(socket: Path) -> int:
    async def ask() -> int:
        async with Client(await connect(socket), "once", __version__) as client:
            assert client.mirror.status is not None
            assert client.mirror.status.cost is not None
            return client.mirror.status.cost.requests

    return asyncio.run(ask())


# --- in a worker's process


class _Noted:
    """When each message was there, by its seq: its `at`, and how many milliseconds after that."""

    def __init__(self) -> None:
        self.late_at = time.monotonic()  # when something was late, or nothing had come yet
        self.wire: dict[int, tuple[int, float]] = {}
        self.ticks: dict[int, tuple[int, float]] = {}

    def take(self, text: str, payload: bytes, into: dict[int, tuple[int, float]], key: str) -> None:
        now = time.time() * 1000
        if not payload or not parse(text).estate or parse(text).family == "ack":
            return
        message = decode(text, payload)
        if message is not None:
            into.setdefault(message.seq if key == "seq" else message.at, (message.at, now - message.at))
            if now - message.at > CALM_MS:
                self.late_at = time.monotonic()

    @property
    def is_calm(self) -> bool:
        return bool(self.ticks) and time.monotonic() - self.late_at > CALM_S


class _Wire(AiomqttCarrier):
    noted: _Noted

    async def heard(self) -> AsyncIterator[Heard]:
        async for each in super().heard():
            if not each.is_retained:
                self.noted.take(each.topic, each.payload, self.noted.wire, "seq")
            yield each


class _Listening(Link):
    """A link to a screen's socket, with an ear on it."""

    def __init__(self, link: Link, noted: _Noted) -> None:
        self._link, self._noted = link, noted

    async def send(self, topic: str, payload: bytes) -> None:
        await self._link.send(topic, payload)

    async def receive(self) -> tuple[str, bytes]:
        text, payload = await self._link.receive()
        if text.endswith("/tick"):
            self._noted.take(text, payload, self._noted.ticks, "at")
        return text, payload

    async def close(self) -> None:
        await self._link.close()


async def _work(told: dict[str, Any]) -> None:
    noted = [_Noted() for _ in range(told["viewers"])]
    async with asyncio.TaskGroup() as group:
        viewing = [group.create_task(_view(told, each)) for each in noted]
        while not all(each.is_calm for each in noted):  # noqa: ASYNC110 - time is what it is about
            await asyncio.sleep(0.1)
        Path(told["out"]).with_suffix(".calm").touch()
        while not Path(told["window"]).exists():  # noqa: ASYNC110 - written by another process
            await asyncio.sleep(0.1)
        start, end = (1000 * each for each in json.loads(Path(told["window"]).read_text()).values())
        await asyncio.sleep(end / 1000 + 2 - time.time())
        for each in viewing:
            each.cancel()
    inside = [{"wire": _inside(each.wire, start, end), "ticks": _inside(each.ticks, start, end)} for each in noted]
    _write(Path(told["out"]), inside)


def _inside(noted: dict[int, tuple[int, float]], start: float, end: float) -> dict[int, float]:
    return {key: late for key, (at, late) in noted.items() if start <= at < end}


def _write(path: Path, said: object) -> None:
    new = path.with_suffix(".new")
    new.write_text(json.dumps(said))
    new.rename(path)


async def _view(told: dict[str, Any], noted: _Noted) -> None:
    if told["way"] == "socket":
        await _listen(Path(told["socket"]), noted)
        return
    broker = Broker("127.0.0.1", told["port"], told["user"], told["password"], estate=ESTATE)
    keys = Keys([Path(told["key"]).read_text().strip()])

    def dial(to: Broker, will: Will | None) -> _Wire:
        wire = _Wire(to, will, {broker.url} if told["way"] == "embedded" else set())
        wire.noted = noted
        return wire

    with tempfile.TemporaryDirectory(prefix="dbv-") as folder:
        spec = RelaySpec("", Path(folder), None, os.getppid(), ShareOptions())
        relay = RelayEngine(spec, Way(broker, keys), dial)
        running = asyncio.create_task(relay.run())
        try:
            await _listen(Path(folder) / "view.sock", noted)
        finally:
            relay.leave()
            await running


async def _listen(socket: Path, noted: _Noted) -> None:
    while not socket.is_socket():  # noqa: ASYNC110 - it is made by somebody else
        await asyncio.sleep(0.02)
    link = _Listening(await connect(socket), noted)
    async with Client(link, "view", __version__) as client:
        async for _ in client.changes():
            pass


# --- junk


def flood(size: int) -> list[str]:
    """Keys at a viewer's screen while junk comes, and how its relay grows."""
    with tempfile.TemporaryDirectory(prefix="dbc-") as base, published("mosquitto", Path(base), size) as (_, place):
        env = {f"DBCONSOLE_{kind}_DIR": f"{base}/v/{kind.lower()}" for kind in ("CONFIG", "STATE", "CACHE", "RUNTIME")}
        env |= {"DBCONSOLE_SHARE_PASSWORD": "kim", "LANG": "C.UTF-8"}
        url = f"mqtt://kim@127.0.0.1:{place['port']}"
        command = [sys.executable, "-P", "-m", "console", "view", url, "-e", ESTATE, "--key", place["key"]]
        with Terminal(command, env=env, cwd=ROOT) as terminal:
            terminal.wait_for("READ-ONLY", 60)
            time.sleep(SETTLED_S)
            relay = terminal.pid("engine")
            quiet, before = sorted(_key(terminal, n) for n in range(40)), _rss_kib(relay)
            code = _FLOOD.format(port=place["port"], per_s=FLOOD_PER_S, seconds=FLOOD_S, estate=ESTATE)
            junk = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
            keys: list[float] = []
            grown = before
            while junk.poll() is None:
                keys.append(_key(terminal, len(keys)))
                grown = max(grown, _rss_kib(relay))
            sent = junk.communicate()[0].strip()
            after = _rss_kib(relay)
            print(f"flood: {sent} messages in {FLOOD_S:g} s; {len(keys)} keys")
            print(f"key_p95_ms without {1000 * _part(quiet, 95):.0f}, with {1000 * _part(sorted(keys), 95):.0f}, "
                  f"p50 {1000 * statistics.median(keys):.0f}")  # fmt: skip
            print(f"relay_mib before {before / 1024:.1f}, most {grown / 1024:.1f}, after {after / 1024:.1f}")
            late = 1000 * _part(sorted(keys), 95) > KEY_MS
            return [f"flood: key p95 over {KEY_MS:g} ms"] * late + ["flood: the relay grew"] * (grown > before + 64_000)


_FLOOD = """
import os, time
import paho.mqtt.client as mqtt
client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
client.username_pw_set("mallory", "mallory")
client.connect("127.0.0.1", {port})
client.loop_start()
families = ("res/billing", "tick", "status", "meta", "event", "note/x", "presence/eve", "res/new")
topics = ["dbo/v1/{estate}/" + each for each in families]
began, sent = time.monotonic(), 0
while (now := time.monotonic() - began) < {seconds}:
    while sent < now * {per_s}:
        junk = os.urandom(200) if sent % 3 else b'{{"v":1,"kind":"res","seq":%d}}' % sent
        client.publish(topics[sent % len(topics)], junk)
        sent += 1
    time.sleep(0.005)
print(sent)
"""


def _key(terminal: Terminal, n: int) -> float:
    """Seconds from a key to the bytes of its paint: the cursor moves."""
    before, began = len(terminal.output), time.monotonic()
    terminal.press("down" if n % 12 < 6 else "up")
    wait_until(lambda: len(terminal.output) > before, "a paint", 10)
    took = time.monotonic() - began
    time.sleep(0.15)
    return took


def _rss_kib(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev bench share", description="What sharing costs, and how late it is.")
    parser.add_argument("--ways", nargs="*", choices=WAYS, default=list(WAYS))
    parser.add_argument("--viewers", type=int, default=20)
    parser.add_argument("--size", type=int, default=100)
    parser.add_argument("--window", type=float, default=60, help="seconds that are measured")
    parser.add_argument("--flood", action="store_true", help="5,000 junk messages a second for a minute besides")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
