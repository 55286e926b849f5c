"""A lock in a folder that consoles share: one file for each cluster, read and replaced under `flock`.

The `flock` is held while the file is read and written, and no longer. Whose the lock is stands in the file: a console
that was killed has lost every `flock`, yet what it sent is still under way.
"""

from __future__ import annotations

import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from collectors.clock import Clock
from collectors.safe import Safe, sanitise
from collectors.threads import Threads
from console.access.locks.border import ClusterLock, Held, Holder, NoLock, Taken
from console.access.locks.record import Record, read, record

T = TypeVar("T")

WAITS_S = 2.0  # for a console that reads or writes at the same time, which takes a millisecond
_NAP_S = 0.005
_MOST_BYTES = 64 << 10
_MEND = "Mend that, or name another folder: [access.lock] folder."


class FileLock(ClusterLock):
    """``folder`` is made if need be, for its owner alone; one that a group may write to is shared by the group."""

    def __init__(self, folder: Path, clock: Clock, threads: Threads) -> None:
        self._folder = folder
        self._clock = clock
        self._threads = threads

    @property
    def covers(self) -> Safe:
        """A folder of one's own keeps apart only what one does oneself."""
        with suppress(OSError):
            if self._folder.stat().st_mode & stat.S_IWGRP:
                return Safe("lock covers this host only")
        return Safe("lock covers this user on this host only")

    async def take(self, key: str, holder: Holder) -> Held | Taken:
        return await self._call(partial(self._take, key, holder))

    async def still_held(self, held: Held) -> bool:
        return await self._call(partial(self._still_held, held))

    async def give_back(self, held: Held) -> None:
        await self._call(partial(self._give_back, held))

    def _take(self, key: str, holder: Holder) -> Held | Taken:
        with self._alone_with(key) as kept:
            before = kept.read()
            if before is not None and before.keeps_out(holder.op, self._clock.now()):
                return Taken(before.holder)
            after = 0 if before is None else before.fence
            kept.write(record(key, holder, after))
            return Held(key, holder, after + 1)

    def _still_held(self, held: Held) -> bool:
        with self._alone_with(held.key) as kept:
            found = kept.read()
            is_ours = found is not None and found.fence == held.fence
            return found is not None and is_ours and found.is_held_by(held.holder.op, self._clock.now())

    def _give_back(self, held: Held) -> None:
        """The record stays, so that whoever comes next has a greater fence."""
        with self._alone_with(held.key) as kept:
            found = kept.read()
            if found is not None and (found.fence, found.op) == (held.fence, held.holder.op):
                kept.write(found.model_copy(update={"ended": True}))

    async def _call(self, work: Callable[[], T]) -> T:
        return await self._threads.call(f"locks in {self._folder}", partial(self._told, work))

    def _told(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except OSError as error:
            seen = sanitise(f"{error.filename or self._folder}: {error.strerror}")
            raise NoLock("The lock of this cluster cannot be kept.", seen=seen, mend=_MEND) from error

    @contextmanager
    def _alone_with(self, key: str) -> Iterator[_Kept]:
        """No other console reads or writes this key's record meanwhile."""
        folder = self._opened_folder()
        try:
            kept = _Kept(folder, self._folder, key)
            with kept.flock():
                yield kept
        finally:
            os.close(folder)

    def _opened_folder(self) -> int:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        if os.fstat(folder).st_mode & stat.S_IWOTH:
            os.close(folder)
            what = "Anybody on this machine may write to the folder of the locks."
            raise NoLock(what, seen=str(self._folder), mend=f"Run `chmod o-w {self._folder}`.")
        return folder


class _Kept:
    """One key's record in an opened folder: beside it an empty file that is only there for its `flock`."""

    def __init__(self, folder: int, path: Path, key: str) -> None:
        self._folder = folder
        self._path = path
        self._key = key
        self._name = sha256(key.encode()).hexdigest()[:32]

    @contextmanager
    def flock(self) -> Iterator[None]:
        fd = self._open(f"{self._name}.flock", os.O_RDWR | os.O_CREAT)
        try:
            self._wait_for(fd)
            yield
        finally:
            os.close(fd)

    def read(self) -> Record | None:
        name = f"{self._name}.json"
        try:
            fd = self._open(name, os.O_RDONLY)
        except FileNotFoundError:
            return None
        with os.fdopen(fd, "rb") as file:
            return read(file.read(_MOST_BYTES), self._key, str(self._path / name))

    def write(self, new: Record) -> None:
        """Beside the old one, then in its place, and on the disk: it outlives this console and this machine's power."""
        beside = f"{self._name}.new"
        with os.fdopen(self._open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "w") as file:
            file.write(new.text())
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, f"{self._name}.json", src_dir_fd=self._folder, dst_dir_fd=self._folder)
        os.fsync(self._folder)

    def _open(self, name: str, flags: int) -> int:
        fd = os.open(name, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=self._folder)
        around, found = os.fstat(self._folder), os.fstat(fd)
        if flags & os.O_CREAT and around.st_mode & stat.S_IWGRP and found.st_uid == os.geteuid():
            os.fchown(fd, -1, around.st_gid)
            os.fchmod(fd, 0o660)  # whatever the umask is: the next to open it is another of the group
        return fd

    def _wait_for(self, fd: int) -> None:
        give_up = time.monotonic() + WAITS_S
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > give_up:
                    seen = f"{self._path / self._name}.flock is held for {WAITS_S:g} s"
                    mend = "Another console has stopped in the middle of this: see that it goes on or ends."
                    raise NoLock("The lock of this cluster is being read or written.", seen=seen, mend=mend) from None
                time.sleep(_NAP_S)
            else:
                return
