"""What was acknowledged is on disk, whatever befalls the process, its disk or its folder; else it is said."""

from __future__ import annotations

import errno
import fcntl
import os
import pwd
import random
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from collectors.errors import Trouble
from console.audit import folder
from console.audit.anchors import Head
from console.audit.record import NO_HASH, Event, Record, parse
from console.audit.segment import RESERVE
from console.audit.trail import CannotRecord, Trail
from console.audit.verify import Kind, verify
from tests.audit.keeping import ALICE, BATTERY, Remembered, Ticking, keep, kept, segments, written
from tests.rig.dbconsole import ROOT
from tests.rig.small_disk import as_root, fill, make_room, small_disk

WRITER = (sys.executable, "-m", "tests.audit.writer")


def records(file: Path) -> list[Record]:
    """Without a torn tail."""
    return [parse(raw) for raw in file.read_bytes().split(b"\n")[:-1]]


def events(file: Path) -> list[str]:
    return [record.ev for record in records(file)]


def test_a_session_is_a_file_that_begins_and_is_sealed(tmp_path: Path) -> None:
    with kept(tmp_path / "audit") as trail:
        assert trail.trouble is None
        sent = trail.write(Event.SENT, op="O1", act="rds.snapshot", res="arn:aws:rds:x", plan="sha256:1", data={"n": 1})
        assert (trail.head, sent.seq, sent.sess) == (sent.h, 1, "S1")
        file = tmp_path / "audit" / trail.file
        assert records(file)[1] == sent, "before the write has returned"
    assert events(file) == ["SESSION_START", "SENT", "SESSION_END", "SEAL"]
    assert records(file)[0].prev == NO_HASH
    assert file.parent.name == "2026-11-21"
    assert folder.place(trail.file or f"2026-11-21/{file.name}") is not None
    trail.close()  # once more is no harm
    with pytest.raises(CannotRecord, match="sealed"):
        trail.write(Event.NOTE)


def test_a_role_goes_down_and_the_records_say_so(tmp_path: Path) -> None:
    with kept(tmp_path / "audit") as trail:
        trail.who = replace(ALICE, role="viewer")
        assert trail.write(Event.ROLE).who.role == "viewer"


def test_what_may_wait_is_on_disk_when_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with kept(tmp_path / "audit") as trail:
        disk = Disk(monkeypatch)
        trail.write(Event.SENT)
        assert len(disk.synced) == 1
        trail.write(Event.NOTE)
        assert len(disk.synced) == 1
        trail.flush()
        assert len(disk.synced) == 2


def test_what_may_wait_is_on_disk_within_a_second_though_nobody_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kept(tmp_path / "audit") as trail:
        disk = Disk(monkeypatch)
        trail.write(Event.NOTE)
        assert disk.has_synced.wait(5)


def test_threads_do_not_get_into_each_others_way(tmp_path: Path) -> None:
    with kept(tmp_path / "audit") as trail:
        workers = [
            threading.Thread(target=lambda: [trail.write(Event.SENT, data={"n": n}) for n in range(25)])
            for _ in range(8)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    verdict = verify(tmp_path / "audit")
    assert (verdict.exit_code, verdict.records) == (0, 1 + 200 + 2)


def test_two_processes_write_two_files_and_neither_is_lost_to_the_next(tmp_path: Path) -> None:
    path = tmp_path / "audit"
    with kept(path) as first:
        first.write(Event.NOTE)
        with kept(path, session="S2", begin=Ticking().at.replace(hour=1)) as second:
            second.write(Event.NOTE)
        first.write(Event.NOTE)
    with kept(path, session="S3", begin=Ticking().at.replace(hour=2)):
        pass
    assert verify(path).exit_code == 0
    one, two, three = segments(path)
    former = records(three)[0].data["former"]
    assert {each["file"] for each in former} == {f"{file.parent.name}/{file.name}" for file in (one, two)}  # type: ignore[index, union-attr, call-overload]
    one.write_bytes(b"".join(one.read_bytes().splitlines(keepends=True)[:-1]))
    assert verify(path).exit_code == 1, "the first was not the last before the third, and its end is known all the same"


# A crash


@contextmanager
def child(path: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    command = [*WRITER, str(path), *more]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, stdout=-1) as one:
        try:
            yield one
        finally:
            one.kill()


def test_killed_in_the_middle_of_writing_nothing_that_was_acknowledged_is_lost(tmp_path: Path) -> None:
    chance = random.Random(11)
    path = tmp_path / "audit"
    for run in range(5 * BATTERY):
        with child(path) as writing:
            assert writing.stdout is not None
            assert writing.stdout.readline() == "ready\n"
            for _ in range(chance.randrange(60)):
                writing.stdout.readline()
            writing.kill()
            acknowledged = [int(number) for number in writing.stdout.read().splitlines() if number.isdigit()]
        verdict = verify(path)
        torn = [finding for finding in verdict.findings if finding.kind == Kind.TORN]
        assert len(verdict.findings) == len(torn) == 1, "of this process; those before were recovered"
        newest = segments(path)[-1]
        raw = newest.read_bytes().split(b"\n")
        assert len(raw[-1]) < 16 * 1024, "at most one record"
        kept_numbers = [record.data["number"] for each in raw[:-1] if (record := parse(each)).ev == "SENT"]
        assert kept_numbers == list(range(len(kept_numbers)))
        assert not acknowledged or acknowledged[-1] in kept_numbers, run
    with kept(path, session="LAST") as trail:
        assert trail.trouble is None
        assert trail.write(Event.NOTE).seq > 0
    assert verify(path).exit_code == 0


def torn(path: Path, tail: bytes) -> Path:
    """What a process left that died in the middle of a write."""
    file = written(path, 20)
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:10]) + tail)
    return file


@pytest.mark.parametrize("tail", [b'{"act":"rds.snap', b"", b"\0" * 700])
def test_the_next_session_says_how_far_the_last_one_was_good_and_keeps_its_bytes(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "audit"
    file = torn(path, tail)
    before, last = file.read_bytes(), records(file)[-1]
    assert verify(path).exit_code == 2
    with kept(path, session="S2", begin=Ticking().at.replace(hour=1)) as trail:
        new = path / trail.file
    assert file.read_bytes() == before
    assert events(new) == ["RECOVERED", "SESSION_START", "SESSION_END", "SEAL"]
    told = records(new)[0]
    assert told.prev == last.h
    assert (told.data["file"], told.data["good_seq"]) == (f"{file.parent.name}/{file.name}", 9)
    assert (told.data["good_head"], told.data["torn_bytes"]) == (last.h, len(tail))
    assert verify(path).exit_code == 0
    with kept(path, session="S3", begin=Ticking().at.replace(hour=2)) as third:
        newest = path / third.file
    assert events(newest)[0] == "SESSION_START", "it is said once"
    file.write_bytes(before[:-1])
    assert verify(path).exit_code == 1
    file.write_bytes(before + b"more\n")
    assert verify(path).exit_code == 1


def test_a_file_that_nothing_was_written_to_is_recovered_as_empty(tmp_path: Path) -> None:
    path = tmp_path / "audit"
    file = torn(path, b"")
    file.write_bytes(b"")
    with kept(path, session="S2", begin=Ticking().at.replace(hour=1)) as trail:
        new = path / trail.file
    assert records(new)[0].data["good_seq"] == -1
    assert verify(path).exit_code == 0


def test_a_living_process_is_not_recovered(tmp_path: Path) -> None:
    path = tmp_path / "audit"
    with kept(path), kept(path, session="S2", begin=Ticking().at.replace(hour=1)) as second:
        assert events(path / second.file)[0] == "SESSION_START"


def test_one_that_lives_and_has_written_nothing_yet_is_not_recovered_either(tmp_path: Path) -> None:
    path = tmp_path / "audit"
    file = torn(path, b"")
    for content in (b"", b'{"act":'):
        file.write_bytes(content)
        with file.open("ab") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            with kept(path, session="S2", begin=Ticking().at.replace(hour=1)) as second:
                assert events(path / second.file)[0] == "SESSION_START"


def test_those_that_died_are_told_of_in_the_order_in_which_they_began(tmp_path: Path) -> None:
    path = tmp_path / "audit"
    with kept(path), kept(path, session="S2", begin=Ticking().at.replace(hour=1)):
        pass
    died = segments(path)
    for file in died:
        file.write_bytes(file.read_bytes().splitlines(keepends=True)[0])
    with kept(path, session="S3", begin=Ticking().at.replace(hour=2)) as trail:
        told = [each.data["file"] for each in records(path / trail.file) if each.ev == "RECOVERED"]
    assert told == [f"{file.parent.name}/{file.name}" for file in died]


def test_it_is_seen_in_a_file_s_name_where_the_host_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    named = pwd.struct_passwd(("jean-luc", "x", 1, 1, "", "", ""))
    monkeypatch.setattr(pwd, "getpwuid", lambda _: named)
    assert folder.writer().endswith("-jean%2Dluc")


# A disk that fails


class Disk:
    """Between the trail and its disk: the next so many calls fail as they would."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.syncs = self.writes = self.closes = 0
        self.synced: list[int] = []
        self.has_synced = threading.Event()
        self._sync, self._write, self._close = os.fdatasync, os.write, os.close
        monkeypatch.setattr(os, "close", self.close)
        monkeypatch.setattr(os, "fdatasync", self.fdatasync)
        monkeypatch.setattr(os, "write", self.write)

    def fdatasync(self, fd: int) -> None:
        self.synced.append(os.fstat(fd).st_ino)
        if self.syncs:
            self.syncs -= 1
            raise OSError(errno.EIO, "Input/output error")
        self._sync(fd)
        self.has_synced.set()

    def write(self, fd: int, told: bytes) -> int:
        if self.writes and bytes(told).startswith(b'{"act"'):
            self.writes -= 1
            return self._write(fd, told[: len(told) // 2])
        return self._write(fd, told)

    def close(self, fd: int) -> None:
        self._close(fd)
        if self.closes:
            self.closes -= 1
            raise OSError(errno.EIO, "Input/output error")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


@pytest.mark.parametrize("how", ["syncs", "writes"])
def test_after_an_error_the_file_is_lost_and_the_record_is_written_to_another(
    tmp_path: Path, disk: Disk, how: str
) -> None:
    path = tmp_path / "audit"
    with kept(path) as trail:
        first, inode = path / trail.file, (path / trail.file).stat().st_ino
        trail.write(Event.SENT, op="O1")
        trail.write(Event.NOTE, data={"text": "not yet on disk"})
        setattr(disk, how, 1)
        disk.synced.clear()
        record = trail.write(Event.ACCEPTED, op="O1")
        second = path / trail.file
        assert second != first
        assert disk.synced.count(inode) == (1 if how == "syncs" else 0), "never asked again"
        assert trail.trouble is None
    told = records(second)
    assert [each.ev for each in told] == ["RECOVERED", "NOTE", "ACCEPTED", "SESSION_END", "SEAL"]
    assert told[2] == record
    assert (told[0].data["good_seq"], told[0].prev) == (1, records(first)[1].h)
    assert verify(path).exit_code == 0


def test_an_error_while_the_lost_file_is_closed_is_no_further_one(tmp_path: Path, disk: Disk) -> None:
    with kept(tmp_path / "audit") as trail:
        disk.syncs, disk.closes = 1, 3
        trail.write(Event.SENT, op="O1")
        assert events(tmp_path / "audit" / trail.file) == ["RECOVERED", "SENT"]


def test_when_the_second_file_fails_too_it_says_that_it_cannot_record(tmp_path: Path, disk: Disk) -> None:
    path = tmp_path / "audit"
    with kept(path) as trail:
        disk.syncs = 2
        with pytest.raises(CannotRecord) as caught:
            trail.write(Event.INTENT, op="O1")
        assert caught.value.what == "The audit log cannot be written. Actions are locked; viewing continues."
        assert "EIO" in caught.value.seen
        record = trail.write(Event.REFUSED, op="O1")
        assert events(path / trail.file)[-2:] == ["DROPPED", "REFUSED"]
        assert records(path / trail.file)[-2].data["n"] == 1
        assert record.prev == records(path / trail.file)[-2].h
    assert verify(path).exit_code == 0


def test_what_nothing_waits_for_is_counted_and_raises_nothing(tmp_path: Path, disk: Disk) -> None:
    with kept(tmp_path / "audit") as trail:
        disk.writes = 2
        trail.note(Event.ALERT_FIRE)
        disk.writes = 0
        trail.note(Event.ALERT_RESOLVE)
        assert "DROPPED" in events(tmp_path / "audit" / trail.file)


# A disk that is full


@as_root
def test_a_full_disk_locks_within_a_second_and_heals_when_there_is_room() -> None:
    with small_disk(20) as disk:
        path = disk / "audit"
        clock = Ticking()
        trail = Trail(path, ALICE, "S1", clock.now, clock.monotonic, anchors=())
        assert seen_by(trail) is None
        fill(disk)
        begun = time.monotonic()
        trouble = seen_by(trail)
        assert time.monotonic() - begun < 1
        assert trouble is not None
        assert trouble.what == "The audit log cannot be written. Actions are locked; viewing continues."
        assert trouble.seen.startswith("ENOSPC: 0.0 MiB are free")
        told = [trail.write(Event.PROGRESS, op="O1", data={"x": "x" * 8000}).seq for _ in range(60)]
        assert told == list(range(1, 61)), "what is under way has its room"
        with pytest.raises(CannotRecord):
            write_until_full(trail)
        assert seen_by(trail) is not None
        full = segments(path)
        make_room(disk)
        assert seen_by(trail) is None
        assert trail.write(Event.NOTE).prev
        assert len(segments(path)) == len(full) + 1
        trail.close()
        assert verify(path).exit_code == 0


@as_root
def test_what_was_reserved_goes_back_at_the_end() -> None:
    with small_disk(20) as disk, kept(disk / "audit") as trail:
        file = disk / "audit" / trail.file
        assert file.stat().st_size < 4096
        assert file.stat().st_blocks * 512 >= RESERVE
        trail.close()
        assert file.stat().st_blocks * 512 <= 4096


@as_root
def test_a_console_that_starts_on_a_full_disk_heals_too() -> None:
    with small_disk(20) as disk:
        (disk / "audit").mkdir(mode=0o700)
        fill(disk)
        trail = keep(disk / "audit")
        assert trail.trouble is not None
        assert trail.head == ""
        with pytest.raises(CannotRecord):
            trail.write(Event.INTENT)
        assert segments(disk / "audit") == []
        make_room(disk)
        trail.write(Event.NOTE)
        file = disk / "audit" / trail.file
        assert events(file) == ["SESSION_START", "DROPPED", "NOTE"]
        trail.close()


def seen_by(trail: Trail) -> Trouble | None:
    return trail.trouble


def write_until_full(trail: Trail) -> None:
    while trail.write(Event.PROGRESS, data={"x": "x" * 8000}).h:
        pass


def test_a_file_that_may_not_grow_further_is_followed_by_another_and_no_record_is_lost(tmp_path: Path) -> None:
    """The write that crosses the limit is cut short: a torn record that the next file tells of."""
    path = tmp_path / "audit"
    with child(path, "200", "100000") as writing:
        told, _ = writing.communicate(timeout=30)
    assert told.splitlines() == ["ready", *map(str, range(200))]
    files = segments(path)
    assert len(files) > 2
    assert all(events(file)[0] == "RECOVERED" for file in files[1:])
    kept_numbers = [each.data["number"] for file in files for each in records(file) if each.ev == "SENT"]
    assert kept_numbers == list(range(200))
    assert verify(path).exit_code == 0


# Who else may have a hand in it


AS_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
MODES = """
import os, sys
from tests.audit.keeping import kept
from pathlib import Path
from console.audit.record import Event
os.umask(int(sys.argv[2], 8))
with kept(Path(sys.argv[1])) as trail:
    trail.write(Event.CHECK, data={"seen": "x" * 40_000})
"""


def by_nobody(place: Path, umask: str) -> subprocess.CompletedProcess[str]:
    ordinary = AS_NOBODY if os.geteuid() == 0 else ()
    command = [*ordinary, sys.executable, "-c", MODES, str(place), umask]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, capture_output=True, check=False
    )


@pytest.mark.parametrize("umask", ["000", "077"])
def test_an_ordinary_user_s_trail_is_theirs_alone_whatever_the_umask(umask: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o777)  # noqa: S103 - of somebody else's folder
        path = Path(place) / "audit"
        done = by_nobody(path, umask)
        assert (done.returncode, done.stderr) == (0, "")
        modes = {each: stat.S_IMODE(each.stat().st_mode) for each in (path, *path.rglob("*"))}
        assert len(modes) == 5, "the folder, the day, the segment, evidence and its file"
        assert {mode for each, mode in modes.items() if each.is_dir()} == {0o700}
        assert {mode for each, mode in modes.items() if each.is_file()} == {0o600}


def spoiled(tmp_path: Path, how: str) -> tuple[Path, str]:
    """A folder that is not to be trusted, and what is to be seen."""
    path = tmp_path / "audit"
    match how:
        case "a link":
            (tmp_path / "elsewhere").mkdir(mode=0o700)
            path.symlink_to(tmp_path / "elsewhere")
            return path, "it is a symbolic link"
        case "a day that is a link":
            (tmp_path / "elsewhere").mkdir(mode=0o700)
            path.mkdir(mode=0o700)
            (path / "2026-11-21").symlink_to(tmp_path / "elsewhere")
            return path, "it is a symbolic link or a file"
        case "others may enter":
            path.mkdir()
            path.chmod(0o750)
            return path, "others may enter it: mode 0750"
        case "a file":
            path.write_text("")
            return path, "Not a directory"
        case _:
            if os.geteuid():
                pytest.skip("only root can give a folder away")
            path.mkdir(mode=0o700)
            os.chown(path, 65534, 65534)
            return path, "it belongs to user 65534"


@pytest.mark.parametrize("how", ["a link", "a day that is a link", "others may enter", "a file", "another user's"])
def test_a_folder_in_which_others_could_have_a_hand_is_refused(tmp_path: Path, how: str) -> None:
    path, seen = spoiled(tmp_path, how)
    with kept(path) as trail:
        assert trail.trouble is not None
        assert seen in trail.trouble.line()
        with pytest.raises(CannotRecord):
            trail.write(Event.INTENT)
    elsewhere = tmp_path / "elsewhere"
    assert not elsewhere.exists() or list(elsewhere.iterdir()) == []


def test_a_folder_that_cannot_even_be_looked_for_is_told_and_not_thrown(tmp_path: Path) -> None:
    with kept(tmp_path / ("x" * 300) / "audit") as trail:
        assert trail.trouble is not None
        assert "ENAMETOOLONG" in trail.trouble.seen or "File name too long" in trail.trouble.seen


@pytest.mark.parametrize("how", ["longer", "shorter", "another", "gone", "changed"])
def test_a_file_that_somebody_else_changed_locks(tmp_path: Path, how: str) -> None:
    with kept(tmp_path / "audit") as trail:
        trail.write(Event.SENT, op="O1")
        file = tmp_path / "audit" / trail.file
        content = file.read_bytes()
        match how:
            case "longer":
                file.write_bytes(content + b"\n")
            case "shorter":
                file.write_bytes(content[:-1])
            case "changed":
                file.write_bytes(content[:-5] + b"x" + content[-4:])
            case "another":
                (tmp_path / "copy").write_bytes(content)
                (tmp_path / "copy").replace(file)
            case _:
                file.unlink()
        assert trail.trouble is not None
        assert "audit verify" in trail.trouble.mend


# Anchors


def test_heads_are_told_elsewhere_at_the_start_at_each_end_and_every_five_minutes(tmp_path: Path) -> None:
    memory, clock = Remembered(), Ticking()
    trail = Trail(tmp_path / "audit", ALICE, "S1", clock.now, clock.monotonic, anchors=(memory,))
    start = memory.heads[-1]
    assert (start.seq, start.file) == (0, trail.file)
    trail.write(Event.SENT, op="O1")
    assert memory.heads[-1] is start
    done = trail.write(Event.DONE, op="O1")
    assert (memory.heads[-1].seq, memory.heads[-1].h) == (done.seq, done.h)
    failed = trail.write(Event.FAILED, op="O2")
    assert memory.heads[-1].h == failed.h
    clock.passed += 299
    told = len(memory.heads)
    note = trail.write(Event.NOTE)
    assert len(memory.heads) == told + 1
    assert memory.heads[-1].h == note.h
    file = tmp_path / "audit" / trail.file
    trail.close()
    assert memory.heads[-1].h == records(file)[-1].h
    assert events(file)[-1] == "SEAL"


class Synced(Remembered):
    """Another place, that asks what was on disk when it was told."""

    def __init__(self, disk: Disk) -> None:
        super().__init__()
        self._disk = disk

    def tell(self, head: Head) -> None:
        super().tell(head)
        assert self._disk.synced, "no head is told that a crash could still take back"


def test_a_head_is_on_disk_before_it_is_told_elsewhere(tmp_path: Path, disk: Disk) -> None:
    clock = Ticking()
    memory = Synced(disk)
    trail = Trail(tmp_path / "audit", ALICE, "S1", clock.now, clock.monotonic, anchors=(memory,))
    trail.flush()
    disk.synced.clear()
    clock.passed += 300
    trail.write(Event.NOTE)
    assert memory.heads[-1].seq == 2
    trail.close()


class Unreachable(Remembered):
    name = "nowhere"

    def tell(self, head: object) -> None:
        raise OSError(errno.ENOENT, "No such file or directory")


def test_an_anchor_that_is_not_there_is_told_and_stops_nothing(tmp_path: Path) -> None:
    with kept(tmp_path / "audit", anchors=(Remembered(), Unreachable())) as trail:
        trail.write(Event.DONE, op="O1")
        told = records(tmp_path / "audit" / trail.file)[-1]
    assert (told.ev, told.data["told"]) == ("ANCHOR", ["memory"])
    assert told.data["untold"] == {"nowhere": "No such file or directory"}
