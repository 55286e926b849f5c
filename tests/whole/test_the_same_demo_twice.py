"""Answers without a screen: is the same question answered by the same bytes, soon, and as was promised?"""

from __future__ import annotations

import json
import resource
import shlex
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from console.documents import CheckDocument, DemoDocument
from tests.rig.dbconsole import COMMAND, environment, run

START = "2026-03-11T12:00:00Z"
CHECK = ("check", "--demo", "--json", "--start", START)
PLAY = ("demo", "--check", "--json", "--start", START)


@pytest.fixture
def env(tmp_path: Path) -> Mapping[str, str]:
    return environment(tmp_path)


def answer(*arguments: str, env: Mapping[str, str]) -> str:
    done = run(*arguments, env=env, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_same_start_and_seed_give_the_same_bytes_and_another_seed_gives_others(env: Mapping[str, str]) -> None:
    once = answer(*CHECK, "--seed", "7", env=env)
    assert answer(*CHECK, "--seed", "7", env={**env, "PYTHONHASHSEED": "3", "TZ": "Asia/Tokyo"}) == once
    assert answer(*CHECK, "--seed", "9", env=env) != once
    told = CheckDocument.model_validate_json(once)
    assert told.at == "2026-03-11T12:00:05Z", "two passes, five seconds apart"
    assert (told.estate, told.status, len(told.resources)) == ("resilient-database", "OK", 12)


def test_the_document_of_a_play_is_the_one_that_was_promised(env: Mapping[str, str]) -> None:
    said = answer(*PLAY, "--seconds", "60", env=env)
    assert said == answer(*PLAY, "--seconds", "60", env=env)
    DemoDocument.model_validate_json(said)
    told: dict[str, Any] = json.loads(said)
    collectors = told.pop("collectors")
    assert told == {
        "schema_version": 1,
        "scenario": None,
        "simulated_seconds": 60,
        "findings": [],
        "alerts": [],
        "actions": [],
        "expect": {"met": True, "missing": [], "unexpected": []},
    }
    assert len(collectors) > 12
    assert {tuple(collector) for collector in collectors} == {("name", "target", "state", "error")}
    assert {collector["state"] for collector in collectors} == {"ok"}


def test_an_hour_would_be_played_in_a_minute(env: Mapping[str, str]) -> None:
    began = spent_s()
    assert json.loads(answer(*PLAY, "--seconds", "300", env=env))["simulated_seconds"] == 300
    assert spent_s() - began < 5 + 2  # with what it takes to start


def spent_s() -> float:
    """By the processors for programs that have ended: what else the machine does at the time is not in it."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def test_a_limit_of_speed_is_kept(env: Mapping[str, str]) -> None:
    began = time.monotonic()
    answer(*PLAY, "--seconds", "30", "--speed", "15", env=env)
    assert time.monotonic() - began >= 2


def test_without_json_each_is_one_line_that_says_how_it_is(env: Mapping[str, str]) -> None:
    line = answer("check", "--demo", env=env)
    assert line.startswith("DBCONSOLE OK - resilient-database: 12 resources; ")
    assert line.endswith("blind=0\n")
    assert line.count("\n") == 1
    line = answer("demo", "--check", "--seconds", "10", env=env)
    assert line.startswith("played 10 s: DBCONSOLE OK - resilient-database: ")
    assert line.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "reader"),
    [(("check", "--demo", "--json"), "true"), (("demo", "--check", "--json", "--seconds", "60"), "head -c 1"),
     (("--help",), "head -c 1"), (("--help",), "true")],
)
def test_a_reader_that_leaves_early_is_told_nothing(
    arguments: tuple[str, ...], reader: str, env: Mapping[str, str]
) -> None:
    command = f"{shlex.join([*COMMAND, *arguments])} | {reader}"
    done = subprocess.run(["sh", "-c", command], env=env, text=True, capture_output=True, timeout=60, check=False)
    assert done.stderr == ""


def test_a_full_disk_is_told_in_a_line(env: Mapping[str, str]) -> None:
    command = f"{shlex.join([*COMMAND, 'check', '--demo', '--json'])} >/dev/full"
    done = subprocess.run(["sh", "-c", command], env=env, text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "No space left on device" in done.stderr
