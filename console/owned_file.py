"""May what a file says be believed? Only where nobody but its reader and root can have written it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from collectors.errors import Trouble

MOST_BYTES = 1 << 20
_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class NotOurs(Trouble):
    """A file that others could have written, or that cannot be read; `mend` is the command that helps."""


def read_owned(path: Path) -> bytes | None:
    """All of it; None where there is no such file. Blocks.

    What is looked at and what is read is the same open file. The folders are looked at from the root downwards: in one
    that passed nobody else can exchange the next, so that the path leads to the same place while it is walked.
    """
    try:
        real = path.parent.resolve()
    except (OSError, RuntimeError) as error:  # links that lead to each other
        raise _unreadable(path, error) from None
    for folder in (*reversed(real.parents), real):
        try:
            _check(folder.stat(), folder)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreadable(folder, error) from None
    return _read(real / path.name)


def _read(path: Path) -> bytes | None:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)  # a pipe would be waited for
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error) from None
    try:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode):
            raise NotOurs(f"{path} is not a file.", mend="Put a file there.")
        _check(found, path)
        with os.fdopen(fd, "rb", closefd=False) as file:
            said = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error) from None
    finally:
        os.close(fd)
    if len(said) > MOST_BYTES:
        raise NotOurs(f"{path} is too long.", seen="more than 1 MiB", mend="Put a shorter file there.")
    return said


def _check(found: os.stat_result, path: Path) -> None:
    if found.st_uid not in (0, os.geteuid()):
        mend = f"Run `chown root {path}`, or make it your own."
        raise NotOurs(f"{path} belongs to somebody else.", seen=f"user {found.st_uid}", mend=mend)
    sticky = stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_ISVTX
    if found.st_mode & _OTHERS and not sticky:
        seen = f"mode {stat.S_IMODE(found.st_mode):04o}"
        raise NotOurs(f"Others may write to {path}.", seen=seen, mend=f"Run `chmod go-w {path}`.")


def _unreadable(path: Path, error: Exception) -> NotOurs:
    is_link = path.is_symlink()
    mend = "Name the file itself: a link is not followed." if is_link else "See that it is there and may be read."
    return NotOurs(f"{path} cannot be read.", seen=getattr(error, "strerror", "") or str(error), mend=mend)
