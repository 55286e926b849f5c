"""The lock of a folder, with real processes: they race, are killed, stop, and find what should not be there."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.threads import Threads
from console.access.locks import file_lock
from console.access.locks.border import NoLock
from console.access.locks.file_lock import FileLock
from tests.access.by_hand import StandingClock
from tests.access.locks.holding import HOUR, held, holder, taken
from tests.rig.battery import battery
from tests.rig.dbconsole import ROOT

RACE = """
import asyncio, sys
from pathlib import Path
from collectors.threads import Threads
from console.access.locks.border import Held
from console.access.locks.file_lock import FileLock
from tests.access.by_hand import StandingClock
from tests.access.locks.holding import holder

async def race(folder, me, rounds):
    lock = FileLock(Path(folder), StandingClock(), Threads(2))
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(rounds)):
        answer = await lock.take(f"key-{number}", holder(me, me))
        print("held" if isinstance(answer, Held) else answer.by.op, flush=True)
    print("done", flush=True)
    sys.stdin.readline()

asyncio.run(race(*sys.argv[1:]))
"""
STOPS = """
import fcntl, os, sys
fcntl.flock(os.open(sys.argv[1], os.O_RDWR), fcntl.LOCK_EX)
print("ready", flush=True)
sys.stdin.readline()
"""


@contextmanager
def process(script: str, *args: object) -> Iterator[subprocess.Popen[str]]:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script, *map(str, args)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as started:
        try:
            yield started
        finally:
            started.kill()


def said(started: subprocess.Popen[str]) -> str:
    assert started.stdout is not None
    return started.stdout.readline().strip()


def go(started: subprocess.Popen[str]) -> None:
    assert started.stdin is not None
    started.stdin.write("\n")
    started.stdin.flush()


def the(folder: Path, pattern: str) -> Path:
    (only,) = folder.glob(pattern)
    return only


def made(folder: Path, mode: int) -> None:
    folder.mkdir(exist_ok=True)
    os.chown(folder, -1, 4321 if os.geteuid() == 0 else (*os.getgroups(), os.getegid())[0])
    folder.chmod(mode)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def groups(folder: Path) -> set[int]:
    return {path.stat().st_gid for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "locks"


@pytest.fixture
def lock(folder: Path, clock: StandingClock) -> FileLock:
    return FileLock(folder, clock, Threads(2))


def test_of_several_processes_one_has_each_lock_and_the_others_name_it(folder: Path) -> None:
    rounds = battery(60)
    with process(RACE, folder, "a", rounds) as a, process(RACE, folder, "b", rounds) as b:
        for each in (a, b):
            assert said(each) == "ready"
        for each in (a, b):
            go(each)
        for _ in range(rounds):
            assert sorted((said(a), said(b))) in (["a", "held"], ["b", "held"])


async def test_the_lock_of_one_that_was_killed_stays_for_its_operation_until_its_time_is_up(
    folder: Path, lock: FileLock, clock: StandingClock
) -> None:
    with process(RACE, folder, "a", 1) as a:
        assert said(a) == "ready"
        go(a)
        assert (said(a), said(a)) == ("held", "done")
        os.kill(a.pid, signal.SIGKILL)
        a.wait()
    assert taken(await lock.take("key-0", holder("b"))).by.op == "a"
    resumed = held(await lock.take("key-0", holder("a")))
    assert await lock.still_held(resumed)
    clock.go_on(HOUR + timedelta(seconds=1))
    held(await lock.take("key-0", holder("b", since=clock)))


async def test_one_that_stopped_in_the_middle_keeps_nobody_waiting_for_long(
    folder: Path, lock: FileLock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_lock, "WAITS_S", 0.1)
    await lock.give_back(held(await lock.take("key", holder("a"))))
    beside = the(folder, "*.flock")
    with process(STOPS, beside) as stopped:
        assert said(stopped) == "ready"
        with pytest.raises(NoLock, match="is being read or written"):
            await lock.take("key", holder("b"))
        os.kill(stopped.pid, signal.SIGKILL)
        stopped.wait()
    held(await lock.take("key", holder("b")))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"op": "a"}', "\0" * 50, "torn"])
async def test_what_cannot_be_read_is_nobodys_to_take(text: str, folder: Path, lock: FileLock) -> None:
    await lock.give_back(held(await lock.take("key", holder("a"))))
    kept = the(folder, "*.json")
    kept.write_text(text)
    with pytest.raises(NoLock, match="cannot be read") as told:
        await lock.take("key", holder("b"))
    assert str(kept) in told.value.what
    assert "delete it" in told.value.mend


async def test_the_record_of_another_resource_is_none_of_this(folder: Path, lock: FileLock) -> None:
    held(await lock.take("key", holder("a")))
    kept = the(folder, "*.json")
    kept.write_text(json.dumps(json.loads(kept.read_text()) | {"key": "other"}))
    with pytest.raises(NoLock) as told:
        await lock.take("key", holder("a"))
    assert told.value.seen == "it is of another resource"


async def test_a_record_left_half_written_beside_it_is_of_no_account(folder: Path, lock: FileLock) -> None:
    held(await lock.take("key", holder("a")))
    kept = the(folder, "*.json")
    kept.with_suffix(".new").write_text("{")
    assert taken(await lock.take("key", holder("b"))).by.op == "a"
    held(await lock.take("key", holder("a")))


async def test_a_link_is_not_followed(folder: Path, lock: FileLock, tmp_path: Path) -> None:
    held(await lock.take("key", holder("a")))
    kept = the(folder, "*.json")
    target = tmp_path / "target"
    kept.rename(target)
    kept.symlink_to(target)
    with pytest.raises(NoLock, match="cannot be kept"):
        await lock.take("key", holder("a"))


async def test_a_folder_to_which_anybody_may_write_is_refused(folder: Path, lock: FileLock) -> None:
    made(folder, 0o777)
    with pytest.raises(NoLock, match="Anybody on this machine") as told:
        await lock.take("key", holder("a"))
    assert told.value.mend == f"Run `chmod o-w {folder}`."


async def test_a_folder_that_cannot_be_is_told(tmp_path: Path, clock: StandingClock) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NoLock, match="cannot be kept"):
        await FileLock(tmp_path / "file" / "locks", clock, Threads(2)).take("key", holder("a"))


async def test_it_says_whom_it_keeps_apart(folder: Path, lock: FileLock) -> None:
    assert lock.covers == "lock covers this user on this host only"
    held(await lock.take("key", holder("a")))
    assert lock.covers == "lock covers this user on this host only"
    assert modes(folder.parent) == {"locks": 0o700}
    made(folder, 0o2770)
    assert lock.covers == "lock covers this host only"


async def test_in_a_folder_of_a_group_every_file_is_the_groups(folder: Path, lock: FileLock) -> None:
    made(folder, 0o770)
    await lock.give_back(held(await lock.take("key", holder("a"))))
    assert set(modes(folder).values()) == {0o660}
    assert groups(folder) == groups(folder.parent)
