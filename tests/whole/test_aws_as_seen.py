"""The demo's AWS is the same for whoever asks: the AWS CLI, the console, the emulator's own log."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from console import __version__
from console.protocol.client import Client
from console.protocol.mirror import Mirror
from console.protocol.sockets import connect
from tests.rig.dbconsole import environment, run
from tests.rig.needs import need
from tests.rig.terminal import Terminal, wait_until
from tests.whole.running import console, demo, listening

START = "2026-03-11T10:00:00Z"
AFTER_BACKUPS = "2026-03-11T03:50:00Z"  # which begin and end in the hour before
PATIENCE_S = 40.0
MEASURED = 10  # rows that have a processor


@contextmanager
def demo_with_values(folder: Path) -> Iterator[Terminal]:
    with demo(folder, "--start", START) as terminal:
        wait_until(lambda: terminal.text().count("%") >= MEASURED, terminal.text, PATIENCE_S)
        yield terminal


def told(folder: Path) -> dict[str, Any]:
    """The check document of the console that runs."""
    done = run("view", str(listening(folder)), "--once", "--json", env=environment(folder))
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def aws(endpoint: str, *arguments: str) -> dict[str, Any]:
    """As any user of the AWS CLI would ask."""
    need("aws")
    keys = {"AWS_ACCESS_KEY_ID": "AKIAANY", "AWS_SECRET_ACCESS_KEY": "any", "AWS_CONFIG_FILE": os.devnull}
    command = ["aws", "--endpoint-url", endpoint, "--region", "eu-west-1", "--output", "json"]
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_PAGER": "", **keys}
    done = subprocess.run([*command, *arguments], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def logged(endpoint: str) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{endpoint}/_demo/requests", timeout=10).json()
    return found


async def _asked(folder: Path, name: str, args: dict[str, object], until: Callable[[Mirror], bool]) -> Mirror:
    socket = listening(folder).with_name("control.sock")
    async with Client(await connect(socket), "control", __version__) as client:
        ack = await client.request(name, args)
        assert ack.ok, ack.error
        async with asyncio.timeout(PATIENCE_S):
            while not until(client.mirror):
                await anext(client.changes())
        return client.mirror


def ask(
    folder: Path, name: str, args: dict[str, object], until: Callable[[Mirror], bool] = lambda mirror: True
) -> Mirror:
    """A request of a control screen, and the picture once it is as it should be."""
    return asyncio.run(_asked(folder, name, args, until))


def test_the_aws_cli_lists_the_same_instances_and_caches(folder: Path) -> None:
    with demo_with_values(folder):
        shown = told(folder)
        endpoint = shown["endpoint"]
        instances = aws(endpoint, "rds", "describe-db-instances")["DBInstances"]
        clusters = aws(endpoint, "rds", "describe-db-clusters")["DBClusters"]
        nodes = aws(endpoint, "elasticache", "describe-cache-clusters")["CacheClusters"]
        tables = aws(endpoint, "dynamodb", "list-tables")["TableNames"]
    by_aws = {i["DBInstanceIdentifier"]: (i["DBInstanceStatus"], i["AvailabilityZone"], i["Engine"]) for i in instances}
    by_us = {r["id"]: (r["status"], r["az"], r["engine"]) for r in shown["resources"] if r["kind"] == "instance"}
    assert by_us == by_aws
    names = {kind: {r["id"] for r in shown["resources"] if r["kind"] == kind} for kind in ("cluster", "cache", "table")}
    assert names["cluster"] == {each["DBClusterIdentifier"] for each in clusters}
    assert names["cache"] == {each["CacheClusterId"] for each in nodes}
    assert names["table"] == set(tables)


def test_the_aws_cli_reads_the_same_values_at_the_same_times(folder: Path) -> None:
    with demo_with_values(folder):
        shown = told(folder)
        compared = 0
        for resource in ("billing", "orders-primary", "catalogue-1"):
            metrics = next(r["metrics"] for r in shown["resources"] if r["id"] == resource)
            for name, statistic in (("CPUUtilization", "Average"), ("FreeableMemory", "Minimum")):
                end = datetime.fromisoformat(metrics[name]["at"])
                span = ["--start-time", (end - timedelta(minutes=1)).isoformat(), "--end-time", end.isoformat()]
                about = ["--namespace", "AWS/RDS", "--dimensions", f"Name=DBInstanceIdentifier,Value={resource}"]
                asked = ["--metric-name", name, "--period", "60", "--statistics", statistic]
                points = aws(shown["endpoint"], "cloudwatch", "get-metric-statistics", *about, *asked, *span)
                assert [point[statistic] for point in points["Datapoints"]] == [metrics[name]["value"]]
                compared += 1
    assert compared == 6


def test_the_aws_cli_tells_the_same_events(folder: Path) -> None:
    with console(folder, "demo", "--start", AFTER_BACKUPS):  # who joins later is told no events of before
        seen = ask(folder, "refresh", {}, lambda mirror: len(mirror.events) > 3)
        endpoint = told(folder)["endpoint"]
        told_by_aws = aws(endpoint, "rds", "describe-events", "--duration", "75")["Events"]
    ours = {(event.resource, event.text) for event in seen.events if event.source == "rds"}
    assert ours
    assert ours <= {(event["SourceIdentifier"], event["Message"]) for event in told_by_aws}


def test_what_the_console_counts_is_what_the_emulator_was_asked(folder: Path) -> None:
    with demo_with_values(folder):
        ask(folder, "refresh", {})
        paused = ask(folder, "pause", {"all": True, "paused": True}, _is_still)
        endpoint = str(paused.meta.endpoint) if paused.meta else ""
        wait_until(lambda: _counts(folder) == _logged_counts(endpoint), lambda: f"{_counts(folder)}", 20)
        cost = told(folder)["cost"]
    assert cost["requests"] > 10
    assert cost["usd"] == pytest.approx(cost["metrics"] * 0.00001 + _alarm_requests(cost), abs=0.0005)


def _is_still(mirror: Mirror) -> bool:
    return mirror.status is not None and mirror.status.paused


def _counts(folder: Path) -> tuple[int, int]:
    cost = told(folder)["cost"]
    return cost["requests"], cost["metrics"]


def _logged_counts(endpoint: str) -> tuple[int, int]:
    log = logged(endpoint)
    return log["requests"], log["metrics"]


def _alarm_requests(cost: dict[str, Any]) -> float:
    return 0.0001 if cost["requests"] else 0.0


def test_an_emulator_that_is_killed_comes_back_and_everything_heals(folder: Path) -> None:
    with demo_with_values(folder) as terminal:
        before = told(folder)["resources"]
        first = next(process.pid for process in terminal.processes() if process.name == "dbc-emulator")
        os.kill(first, signal.SIGKILL)
        emulators = lambda: [p.pid for p in terminal.processes() if p.name == "dbc-emulator" and p.pid != first]  # noqa: E731
        wait_until(emulators, "another emulator", 20)
        since = time.monotonic()
        mirror = ask(folder, "refresh", {}, lambda mirror: _all_answered(mirror, mirror.now_ms(since) or 0))
        assert mirror.status is not None
        assert {c.state for c in mirror.status.collectors} == {"ok"}
        after = told(folder)["resources"]
    assert [(r["id"], r["status"], r["az"]) for r in after] == [(r["id"], r["status"], r["az"]) for r in before]


def _all_answered(mirror: Mirror, since_ms: int) -> bool:
    collectors = mirror.status.collectors if mirror.status else ()
    aws_ones = [c for c in collectors if c.target.startswith("eu-west-1")]
    return bool(aws_ones) and all(c.state == "ok" and (c.last or 0) > since_ms - 1000 for c in aws_ones)


def test_an_engine_that_ends_takes_its_emulator_with_it(folder: Path) -> None:
    with demo_with_values(folder) as terminal:
        terminal.press("q")
        assert terminal.status() == 0
        terminal.wait_until_alone()
