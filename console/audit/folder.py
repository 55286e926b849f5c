"""Where do the segments of an audit trail lie, whose are they, and may this folder be trusted with more?

`<folder>/YYYY-MM-DD/<host>-<user>-<ULID>.jsonl`, a file for each process that wrote; `<folder>/evidence/<sha256>` holds
what was too long for a line.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from collectors.errors import Trouble
from console.protocol.ulid import LETTERS

EVIDENCE = "evidence"
SUFFIX = ".jsonl"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ULID = re.compile(rf"[{LETTERS}]{{26}}")
_CLAIM_S = 2.0  # a process that was stopped while it began keeps nobody else from beginning


class CannotRead(Trouble):
    """The trail is there and cannot be read, or is not there."""

    exit_code = 6


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One segment's. They sort by the time at which they were begun."""

    ulid: str
    name: str  # with its day, as records and anchors call it
    writer: str  # host and user

    @property
    def began(self) -> str:
        """When, as records write it."""
        ms = 0
        for letter in self.ulid[:10]:
            ms = ms * 32 + LETTERS.index(letter)
        return f"{datetime.fromtimestamp(ms // 1000, UTC):%Y-%m-%dT%H:%M:%S}"


def place(name: str) -> Place | None:
    """Of `YYYY-MM-DD/<host>-<user>-<ULID>.jsonl`; None for anything else."""
    day, _, file = name.partition("/")
    parts = file.removesuffix(SUFFIX).rsplit("-", 1)
    if not _DAY.fullmatch(day) or not file.endswith(SUFFIX) or len(parts) != 2 or not _ULID.fullmatch(parts[1]):
        return None
    return Place(parts[1], name, parts[0])


def places(folder: Path) -> list[Place]:
    """All segments, the first begun first; `CannotRead` where the folder cannot be listed."""
    found = []
    try:
        for day in sorted(folder.iterdir()):
            if _DAY.fullmatch(day.name) and day.is_dir() and not day.is_symlink():
                found += [each for file in day.iterdir() if (each := place(f"{day.name}/{file.name}"))]
    except OSError as error:
        raise unreadable(folder, error) from error
    return sorted(found)


def strangers(folder: Path) -> list[str]:
    """What lies there and is no part of a trail: nobody can say whether it was one."""
    found = []
    for entry in sorted(folder.iterdir()):
        if entry.name == EVIDENCE and not entry.is_symlink():
            continue
        if entry.is_symlink() or not entry.is_dir() or not _DAY.fullmatch(entry.name):
            found.append(entry.name)
        else:
            names = (f"{entry.name}/{file.name}" for file in sorted(entry.iterdir()))
            found += [name for name in names if place(name) is None]
    return found


def unreadable(path: Path, error: OSError) -> CannotRead:
    return CannotRead(f"The audit trail in {path} cannot be read.", seen=error.strerror or str(error))


def writer() -> str:
    """This host and this user. The user has no `-` in it, so that it is seen where the host ends."""
    return f"{_plain(os.uname().nodename)}-{_plain(user()).replace('-', '%2D')}"


def user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]|^\.", lambda odd: "".join(f"%{byte:02X}" for byte in os.fsencode(odd[0])), name)


def open_own(path: Path) -> int:
    """A descriptor of the folder, made if need be; `Trouble` where others could have a hand in it."""
    try:
        if not os.path.lexists(path):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync_names(path.parent)
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        seen = "it is a symbolic link" if path.is_symlink() else error.strerror or str(error)
        raise _refused(path, seen) from error
    try:
        _require_own(path, fd)
    except Trouble:
        os.close(fd)
        raise
    return fd


def open_below(parent: int, path: Path, name: str) -> int:
    """The same of a folder within one that is open. What is new is on disk with its name."""
    try:
        os.mkdir(name, 0o700, dir_fd=parent)
        os.fsync(parent)
    except FileExistsError:
        pass
    try:
        fd = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    except NotADirectoryError as error:  # a symbolic link is none either
        raise _refused(path / name, "it is a symbolic link or a file") from error
    try:
        _require_own(path / name, fd)
    except Trouble:
        os.close(fd)
        raise
    return fd


@contextmanager
def claimed(fd: int) -> Iterator[None]:
    """Nobody else begins a segment meanwhile. After two seconds it goes on without: the chain may fork by that."""
    until = time.monotonic() + _CLAIM_S
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() >= until:
                break
            time.sleep(0.01)
    try:
        yield
    finally:
        fcntl.flock(fd, fcntl.LOCK_UN)


def is_held(path: Path) -> bool:
    """Whether a living process writes it."""
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


def _require_own(path: Path, fd: int) -> None:
    """Asked of what was opened, not of what the path may be by now."""
    found = os.fstat(fd)
    if found.st_uid not in {os.geteuid(), 0}:
        raise _refused(path, f"it belongs to user {found.st_uid}")
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        seen = f"others may enter it: mode {stat.S_IMODE(found.st_mode):04o}"
        raise _refused(path, seen, f"Run `chmod 700 {path}`.")


def _refused(path: Path, seen: str, mend: str = "Set DBCONSOLE_STATE_DIR to a directory of your own.") -> Trouble:
    return Trouble(f"The audit trail cannot be kept in {path}.", seen=seen, mend=mend)


def _sync_names(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
