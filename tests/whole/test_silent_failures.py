"""The fourteen ways in which backups fail without a word, each played in the demo: found, by their cause, and in time.

All in one play: each befalls another resource or another part of it, and nothing else may be found.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.aws.backups.collector import AwsBackups
from collectors.clock import SteppedClock
from collectors.readings import Severity
from console import profiles
from console.engine.core import Core, Identity
from console.engine.outside import outside
from console.profile_errors import shipped
from console.specs import AwsOptions, Play
from tests.rig.battery import battery
from tests.rig.dbconsole import environment, run

START = "2026-03-11T12:00:00Z"
BEFALLS = 60  # seconds after the start
REFRESH = 60  # of what AWS tells of backups; of what a SQL Server tells five minutes
SLOW = 15 * 60  # of what hardly ever changes: AWS Backup, keys
SILENT: Mapping[str, tuple[str, str, str, int]] = {  # whom, what befalls it, what is found, how late at the most
    "1": ("reporting", 'set = { "api.BackupRetentionPeriod" = 0 }', "backups-off", REFRESH),
    "2": ("orders-primary", 'set = { "api.LatestRestorableTime" = "@now-16m" }', "restore-point-stuck", REFRESH),
    "3": ("customers", 'set = { "database.customers.state_desc" = "OFFLINE" }', "restore-point-stuck", 5 * 60),
    "4": ("billing", 'set = { "database.ledger.is_log_chain_broken" = true }', "backup-chain-broken", 2 * 5 * 60),
    "5": ("sessions-001", 'set = { "backup.last_snapshot" = "@now-33h" }', "snapshot-missing", REFRESH),
    "6": ("billing", 'cause = "native-backup-failed"', "snapshot-missing", 5 * 60),
    "7": ("catalogue", 'cause = "backup-job-failed"', "snapshot-missing", SLOW),
    "8": ("carts", 'cause = "key-disabled"', "snapshot-missing", SLOW),
    "9": ("orders-primary", 'cause = "copy-behind"', "snapshot-missing", 1800 + REFRESH),
    "10": ("customers", 'set = { "job.Backup check.last_outcome" = "failed" }', "agent-job-failed", 5 * 60),
    "11": ("customers", 'cause = "snapshot-empty"', "snapshot-missing", SLOW),
    "12": ("orders-primary", 'cause = "differential-spoilt"', "snapshot-missing", 5 * 60),
    "13": ("carts", 'cause = "pitr-off"', "backups-off", SLOW),
    "14": ("billing", 'cause = "restore-unproved"', "restore-unproven", SLOW),
}


def scenario(folder: Path) -> Path:
    entries = [
        f'[[at]]\nseconds = {BEFALLS}\nresource = "{resource}"\n{text}\n' for resource, text, _, _ in SILENT.values()
    ]
    path = folder / "silent.toml"
    path.write_text('name = "silent"\nestate = "resilient-database"\n' + "\n".join(entries), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("silent")
    play = ("demo", str(scenario(folder)), "--check", "--json", "--start", START, "--seconds", str(BEFALLS + 32 * 60))
    done = run(*play, env=environment(folder), timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    found: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return found


@pytest.mark.parametrize("number", SILENT)
def test_it_is_found_in_time(number: str, played: list[dict[str, Any]]) -> None:
    resource, _, wanted, late = SILENT[number]
    found = [each for each in played if (each["resource"], each["id"]) == (resource, wanted)]
    assert found, [(each["resource"], each["id"], each["cause"]) for each in played]
    assert min(each["appeared_s"] for each in found) <= BEFALLS + late + 10


def test_nothing_else_is_found(played: list[dict[str, Any]]) -> None:
    wanted = {(resource, name) for resource, _, name, _ in SILENT.values()}
    assert {(each["resource"], each["id"]) for each in played} <= wanted


def test_nothing_is_found_before_it_befalls(played: list[dict[str, Any]]) -> None:
    assert all(each["appeared_s"] >= BEFALLS for each in played)


STEP, DAYS = timedelta(hours=3, minutes=7), timedelta(days=battery(1, most=7))
LOOKS = ("inventory", "replica-lag", "replication-aws", AwsBackups.name, "backups-inside")


async def days(estate: str) -> list[str]:
    """Looked at every few hours: whatever was found."""
    profile, start = shipped(estate), datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
    clock = SteppedClock(start)
    promises = profiles.promises(profile)
    core = Core(Identity(profile.name, "demo"), clock, profiles.limits(profile), promises=promises)
    play = Play(estate, seed=1, size=12, start=start, anchor=0.0, speed=0.0)
    on_the_way: list[str] = []
    async with outside(core, profile, play, AwsOptions()):
        while clock.now() < start + DAYS:
            for wanted in LOOKS:
                jobs = [job for job in core.schedule.jobs() if job.collector == wanted]
                await asyncio.gather(*(core.schedule.one_pass(job) for job in jobs))
            for name, resource in core.estate.resources.items():
                on_the_way += [f"{name}: {sight.finding.cause}" for sight in resource.findings]
            await clock.sleep_until(clock.now() + STEP)
    failing = [health.error for health in core.schedule.health.values() if health.state == "failing"]
    assert failing == []
    return on_the_way


@pytest.mark.parametrize("estate", ["resilient-database", "database-architect"])
async def test_nothing_is_found_in_days_in_which_nothing_is_wrong(estate: str) -> None:
    assert await days(estate) == []


def test_severities_are_those_of_trouble(played: list[dict[str, Any]]) -> None:
    assert Severity.INFO not in {each["severity"] for each in played}


def test_a_standing_time_names_the_database_that_causes_it(played: list[dict[str, Any]]) -> None:
    """What is a quarter of an hour old is AWS's word; why, the server's own."""
    (found,) = [each for each in played if each["resource"] == "customers" and "stands still" in each["cause"]]
    assert any("customers: OFFLINE" in line for line in found["evidence"])
    assert BEFALLS + 8 * 60 <= found["appeared_s"] <= BEFALLS + 25 * 60
