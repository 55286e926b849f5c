"""One process's own file of records: appended, never rewritten, and given up for good at the first error."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from console.audit import evidence, folder
from console.audit.record import MOST_BYTES, NO_HASH, Record, line, linked

RESERVE = 1 << 20  # bytes: what an action that is under way still has to say, once the disk is full
_KEEP_SIZE = 1  # FALLOC_FL_KEEP_SIZE: the file ends where it did, so that no reader sees zeros
_CANNOT_RESERVE = frozenset({errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})


@dataclass(frozen=True, slots=True)
class Loss:
    """A segment that nobody writes any more, up to what is known to be on disk, and what was told after that."""

    name: str
    seq: int  # -1: nothing is
    head: str
    unsure: tuple[Record, ...]


class Segment:
    """Not for two threads at once. After an `OSError` of any method it is lost: `give_up` is all that is left to do.

    A kernel that failed to write a page may call it written when it is asked again: hence no second fsync.
    """

    def __init__(self, path: Path, name: str, prev: str) -> None:
        """``name``: `YYYY-MM-DD/<host>-<user>-<ULID>.jsonl`, which nobody had before."""
        self.name = name
        self.seq = -1
        self.head = prev  # of the segment before, until there is a record
        self._path = path
        self._synced = (-1, NO_HASH)
        self._unsure: list[Record] = []
        self._size = self._reserved = 0
        self._last = b""
        day, _, file = name.partition("/")
        self._folder = folder.open_own(path)
        try:
            self._day = folder.open_below(self._folder, path, day)
        except BaseException:
            os.close(self._folder)
            raise
        try:
            self._fd = self._create(file)
        except BaseException:
            os.close(self._day)
            os.close(self._folder)
            raise

    @property
    def is_unsure(self) -> bool:
        """Whether something was told that may not be on disk yet."""
        return bool(self._unsure)

    def append(self, record: Record) -> Record:
        """It as the next link. In one write: a reader sees all of it or none, but for a crash."""
        link = linked(record, self.seq + 1, self.head)
        told = line(link)
        if len(told) > MOST_BYTES:
            link = linked(evidence.put_aside(self._folder, self._path, record), self.seq + 1, self.head)
            told = line(link)
        if self._size + len(told) > self._reserved - MOST_BYTES:
            self._reserve()
        if os.write(self._fd, told) != len(told):
            raise OSError(errno.ENOSPC, "only a part of a record was written")
        self.seq, self.head = link.seq, link.h
        self._size, self._last = self._size + len(told), told
        self._unsure.append(record)
        return link

    def sync(self) -> None:
        os.fdatasync(self._fd)
        self._unsure.clear()
        self._synced = (self.seq, self.head)

    def verify_head(self) -> str:
        """What is wrong with the last record as the file's name leads to it; empty where it is what was written."""
        try:
            fd = os.open(self.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._folder)
        except OSError as error:
            return f"{self.name}: {error.strerror}"
        try:
            found, ours = os.fstat(fd), os.fstat(self._fd)
            if (found.st_dev, found.st_ino) != (ours.st_dev, ours.st_ino):
                return f"another file stands in the place of {self.name}"
            if found.st_size != self._size:
                return f"{self.name} has {found.st_size} bytes and {self._size} were written"
            if os.pread(fd, len(self._last), self._size - len(self._last)) != self._last:
                return f"the last record of {self.name} is not the one that was written"
        finally:
            os.close(fd)
        return ""

    def end(self) -> None:
        """After its seal: what was reserved goes back."""
        os.ftruncate(self._fd, self._size)
        self._close()

    def give_up(self) -> Loss:
        """What is on disk stays there. A file that never held anything goes. It raises nothing: worse cannot come."""
        with suppress(OSError):
            if not os.fstat(self._fd).st_size:
                os.unlink(self.name, dir_fd=self._folder)
        self._close()
        return Loss(self.name, *self._synced, tuple(self._unsure))

    def _create(self, file: str) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        fd = os.open(file, flags, 0o600, dir_fd=self._day)
        try:
            self._fd = fd
            fcntl.flock(fd, fcntl.LOCK_EX)
            self._reserve()
            os.fsync(self._day)
        except OSError:
            os.unlink(file, dir_fd=self._day)
            os.close(fd)
            raise
        return fd

    def _reserve(self) -> None:
        """Room for more, where the file system can promise any; once the file is begun it goes on without."""
        if (failed := _allocate(self._fd, self._size, RESERVE)) in _CANNOT_RESERVE or self._size:
            self._reserved = self._size + RESERVE
        elif failed:
            raise OSError(failed, os.strerror(failed))
        else:
            self._reserved = RESERVE

    def _close(self) -> None:
        for fd in (self._fd, self._day, self._folder):
            with suppress(OSError):  # it is closed all the same
                os.close(fd)


_libc = ctypes.CDLL(None, use_errno=True)
_fallocate = getattr(_libc, "fallocate", None)
if _fallocate is not None:
    _fallocate.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64)


def _allocate(fd: int, start: int, size: int) -> int:
    """The number of the error; 0 where it worked."""
    if _fallocate is None:  # not Linux
        return errno.ENOSYS
    return 0 if _fallocate(fd, _KEEP_SIZE, start, size) == 0 else ctypes.get_errno()
