"""The command line: what it answers, what it refuses in one line, and what it does not load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.rig.dbconsole import COMMAND, environment, run


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "seen"),
    [
        ((), "needs a terminal"),
        (("dmeo",), "dmeo"),
        (("demo", "--check", "no-such-estate"), "resilient-database"),
        (("demo", "--speed", "0"), "between 0.1 and 1000"),
        (("demo", "--speed", "nan"), "between 0.1 and 1000"),
        (("demo", "--speed", "fast"), "'fast' is not a number"),
        (("demo", "--start", "yesterday"), "2026-01-31T09:30:00Z"),
        (("demo", "--check", "--seconds", "1.5"), "whole number"),
        (("demo", "--json"), "demo --check --json"),
        (("view", "--json"), "view --once --json"),
        (("check", "--demo", "elsewhere"), "resilient-database"),
        (("check", "--demo", "-e", "x"), "not allowed with"),
        (("check", "--seed", "7"), "Add `--demo`"),
        (("check", "--demo", "--region", "eu-west-1"), "`--region` is about AWS"),
        (("check", "-e", "resilient-databse"), "resilient-database"),
        (("demo", "--check", "no-such.toml"), "no-such.toml"),
        (("demo", "--size", "0"), "whole number from 1"),
        (("policy", "viewer"), "one of the arguments --redis --sql --mqtt is required"),
        (("policy", "viewer", "--sql", "--redis"), "not allowed with"),
        (("policy", "root", "--sql"), "viewer"),
        (("demo", "--check", "--share", "mqtt://localhost"), "`--share` does not go with `--check`"),
    ],
)
def test_wrong_usage_is_one_line_that_names_the_remedy_and_exits_3(
    arguments: tuple[str, ...], seen: str, env: dict[str, str]
) -> None:
    done = run(*arguments, env=env)
    assert done.returncode == 3
    assert done.stdout == ""
    assert seen in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_version_names_what_a_bug_report_needs(env: dict[str, str]) -> None:
    done = run("--version", env=env)
    assert done.returncode == 0
    for part in ("dbconsole 0.1.0", "Python 3.", "textual 8.", "boto3 1."):
        assert part in done.stdout


@pytest.mark.parametrize("command", [(), ("demo",), ("view",), ("check",), ("policy",)])
def test_every_command_has_help_that_fits_a_terminal(command: tuple[str, ...], env: dict[str, str]) -> None:
    done = run(*command, "--help", env=env)
    assert done.returncode == 0
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), ("check", "--demo"), ("demo", "--check", "--seconds", "10")]
)
def test_what_needs_no_screen_loads_no_textual(arguments: tuple[str, ...], env: dict[str, str]) -> None:
    command = [sys.executable, "-X", "importtime", *COMMAND[1:], *arguments]
    done = subprocess.run(command, env=env, text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "argparse" in loaded
    assert not {name for name in loaded if name.split(".")[0] in ("textual", "rich", "boto3", "pyodbc")}


@pytest.mark.parametrize("arguments", [("demo",), ("view", "some.sock")])
@pytest.mark.parametrize(("term", "seen"), [("xterm-256color", "not one"), ("dumb", "")])
def test_without_a_terminal_a_screen_is_refused_in_a_line(
    arguments: tuple[str, ...], term: str, seen: str, tmp_path: Path
) -> None:
    done = run(*arguments, env=environment(tmp_path, TERM=term))
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "needs a terminal" in done.stderr
    assert seen in done.stderr


def test_a_reader_that_has_seen_enough_is_no_error(env: dict[str, str]) -> None:
    command = ["bash", "-c", f"{' '.join(COMMAND)} check --demo --json | head -c 10"]
    done = subprocess.run(command, env=env, text=True, capture_output=True, timeout=60, check=False)
    assert done.stderr == ""
