"""Where do files go: configuration, state, and the directories of running engines?"""

from __future__ import annotations

import fcntl
import os
import pwd
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from collectors.errors import Trouble

SOCKETS = ("control.sock", "view.sock")
_SOCKET_PATH_LIMIT = 107  # bytes in sockaddr_un, without the closing zero
_DIRECTORIES_PER_ESTATE = 64
_why_nothing_is_kept = ""


def keep_nothing(why: str) -> None:
    """From now on this process and its forks write no file; ``why`` is what they say where one would be named."""
    global _why_nothing_is_kept  # noqa: PLW0603 - of the whole process, as a umask is
    _why_nothing_is_kept = why


def looks_file() -> Path | None:
    """How one wants the screen, whether it is there or not; None where there is no place for it."""
    try:
        return (_own("CONFIG") or _xdg("XDG_CONFIG_HOME", ".config")) / "console.toml"
    except Trouble:  # no home: nobody's wishes are kept anywhere
        return None


def state_dir() -> tuple[Path | None, str]:
    """Where state and logs are kept, made if need be; or None, and the line that says why nothing can be kept.

    Not an exception, because an engine that can keep nothing goes on and shows the line.
    """
    if _why_nothing_is_kept:
        return None, _why_nothing_is_kept
    try:
        path = _own("STATE") or _xdg("XDG_STATE_HOME", ".local/state")
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except Trouble as trouble:
        return None, trouble.line()
    except OSError as error:
        return None, _cannot_keep(f"{error.filename}: {error.strerror}")
    if not os.access(path, os.W_OK | os.X_OK):
        return None, _cannot_keep(f"{path} is not writable")
    return path, ""


def engine_dir(session: str) -> tuple[Path | None, str]:
    """Where one engine keeps its state and log, made if need be; or None and why, as `state_dir`."""
    state, why = state_dir()
    if state is None:
        return None, why
    path = state / "engines" / session
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        return None, _cannot_keep(f"{error.filename}: {error.strerror}")
    return path, ""


def audit_dir(demo: bool) -> tuple[Path | None, str]:
    """Where the audit trail is kept, the demo's apart from the rest; or None and why, as `state_dir`. Not made here."""
    state, why = state_dir()
    return (None if state is None else state / ("audit-demo" if demo else "audit")), why


def runtime_dir() -> Path:
    """The directory of this user's running engines, made if need be; Trouble where it could be another's."""
    path = _own("RUNTIME") or _session_runtime() or Path("/tmp") / f"dbconsole-{os.geteuid()}"  # noqa: S108 - checked below
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.lstat()
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error
    if stat.S_ISLNK(found.st_mode):
        raise _unusable(path, "it is a symbolic link")
    if found.st_uid != os.geteuid():
        raise _unusable(path, f"it belongs to {_user(found.st_uid)}")
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Trouble(
            f"The directory for sockets, {path}, cannot be used.",
            seen=f"others may write to it: mode {stat.S_IMODE(found.st_mode):04o}",
            mend=f"Run `chmod 700 {path}`.",
        )
    return path


@dataclass(frozen=True, slots=True)
class Session:
    """One engine's directory for sockets. The claim on it lasts until each process that has the descriptor is dead."""

    path: Path
    fd: int


def claim_session(estate: str) -> Session:
    """A directory that no other engine uses: by the estate's name, with a number if need be.

    A group that may enter the runtime directory may enter this one too, and so reach the socket for viewers.
    """
    runtime = runtime_dir()
    group_may = runtime.stat().st_mode & (stat.S_IRGRP | stat.S_IXGRP)
    for path in _candidates(runtime, _file_name(estate)):
        longest = max(len(os.fsencode(path / name)) for name in SOCKETS)
        if longest > _SOCKET_PATH_LIMIT:
            raise Trouble(
                "The path of the engine's socket would be too long.",
                seen=f"{longest} bytes under {runtime}, where {_SOCKET_PATH_LIMIT} are possible",
                mend="Set DBCONSOLE_RUNTIME_DIR to a shorter directory.",
            )
        try:
            path.mkdir(mode=0o700, exist_ok=True)
            fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            os.fchmod(fd, stat.S_IRWXU | group_may | os.fstat(fd).st_mode & stat.S_ISGID)
        except OSError as error:
            raise _unusable(path, error.strerror or str(error)) from error
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
        else:
            return Session(path, fd)
    raise Trouble(
        f"{_DIRECTORIES_PER_ESTATE} engines of {estate} run already.",
        seen=str(runtime),
        mend="End some of them, or set DBCONSOLE_RUNTIME_DIR.",
    )


def sessions() -> tuple[Path, ...]:
    """The directories of the engines that run now, by name."""
    return tuple(path for path in sorted(runtime_dir().iterdir()) if path.is_dir() and is_claimed(path))


def is_claimed(path: Path) -> bool:
    """Whether an engine has this directory, or somebody who would start it again."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


def _candidates(runtime: Path, name: str) -> Iterator[Path]:
    yield runtime / name
    for number in range(2, _DIRECTORIES_PER_ESTATE + 1):
        yield runtime / f"{name}-{number}"


def _file_name(estate: str) -> str:
    """The estate's name as one part of a path."""
    return re.sub(r"[^A-Za-z0-9_@.-]|^\.", _escape, estate) or "%"


def _escape(odd: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in os.fsencode(odd[0]))


def _own(kind: str) -> Path | None:
    value = os.environ.get(f"DBCONSOLE_{kind}_DIR")
    return Path(value).absolute() if value else None


def _xdg(variable: str, below_home: str) -> Path:
    value = os.environ.get(variable, "")
    base = Path(value) if value.startswith("/") else _home(variable) / below_home  # XDG: a relative one is ignored
    return base / "dbconsole"


def _home(variable: str) -> Path:
    home = os.environ.get("HOME")
    if not home:
        try:
            home = pwd.getpwuid(os.getuid()).pw_dir
        except KeyError:
            raise Trouble(
                "There is no home directory.",
                seen=f"HOME is not set and user {os.getuid()} is not in the password database",
                mend=f"Set HOME or {variable}.",
            ) from None
    return Path(home)


def _session_runtime() -> Path | None:
    """XDG_RUNTIME_DIR where it is ours: after `sudo -E` it is another user's."""
    value = os.environ.get("XDG_RUNTIME_DIR", "")
    try:
        ours = value.startswith("/") and os.stat(value).st_uid == os.geteuid()
    except OSError:
        return None
    return Path(value) / "dbconsole" if ours else None


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _unusable(path: Path, seen: str) -> Trouble:
    what = f"The directory for sockets, {path}, cannot be used."
    return Trouble(what, seen=seen, mend="Set DBCONSOLE_RUNTIME_DIR to a directory of your own.")


def _cannot_keep(seen: str) -> str:
    mend = "Set DBCONSOLE_STATE_DIR to a writable directory."
    return Trouble("State and logs cannot be kept.", seen=seen, mend=mend).line()
