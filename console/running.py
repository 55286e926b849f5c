"""Which engine of this user watches an estate already, how was it started, and may a second console use it?

Standard library only: a launcher asks before it forks. What is kept here is believed only where the session is claimed,
and only under `deciding`, so that a file that a dead engine left behind is never read.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Literal

from collectors.errors import Trouble
from console import paths
from console.specs import NOT_SHARED, AwsOptions

Command = Literal["watch", "demo", "collect"]
FORMAT = 1
FILE = "engine.json"
BEGINNING_MAY_TAKE_S = 15.0  # for an engine whose screen has just been started
_OPTIONS = {"profile": "--profile", "region": "--region", "endpoint": "AWS_ENDPOINT_URL", "key": "AWS_ACCESS_KEY_ID"}


@dataclass(frozen=True, slots=True)
class Started:
    """How an engine was started: enough to say which it is, and whether another console would start the same."""

    command: Command
    estate: str  # as its profile calls it
    source: str  # the profile's file, or the scenario
    read_only: bool
    aws: Mapping[str, str] = field(default_factory=dict)
    play: Mapping[str, Any] | None = None  # of an embedded estate
    share: str | None = None
    at_ms: int = 0
    guard: int = 0  # the process that starts it again
    pid: int = 0  # of the engine, once it listens
    shared: str = ""  # where it is shared, in words for a person; empty: it is not, or not yet
    port: int = 0  # of its embedded broker
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Found:
    """An engine that runs."""

    path: Path  # its directory for sockets
    started: Started


@dataclass(frozen=True, slots=True)
class Other:
    """One of the same estate that a new console cannot use, and the reason in words."""

    found: Found
    why: str


def aws_as_asked(options: AwsOptions, environ: Mapping[str, str]) -> dict[str, str]:
    """Where AWS is read and as whom, as far as a command says it. Of a key only as much as tells it from another."""
    key = environ.get("AWS_ACCESS_KEY_ID", "")
    if key:
        import hashlib  # noqa: PLC0415 - it loads OpenSSL, which the first paint can do without

        key = hashlib.sha256(key.encode()).hexdigest()[:16]
    said = {
        "profile": options.profile or environ.get("AWS_PROFILE", ""),
        "region": options.region or environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION", ""),
        "endpoint": environ.get("AWS_ENDPOINT_URL", ""),
        "key": key,
    }
    return {name: value for name, value in said.items() if value}


def difference(wanted: Started, found: Started) -> str | None:
    """What keeps a new console from using this engine; None: it may. Only `collect` and `watch` are attached to."""
    if found.source != wanted.source:
        return f"it watches by {found.source}"
    for name, option in _OPTIONS.items():
        if wanted.aws.get(name) != found.aws.get(name):
            return f"it was started with another {option}"
    if wanted.play is None:
        return None
    if found.command != "collect" and wanted.command != "collect":
        return "each demo is played for itself"
    differing = [name for name, value in wanted.play.items() if found.play is None or found.play.get(name) != value]
    return f"it plays with another --{differing[0]}" if differing else None


def same(wanted: Started, running: tuple[Found, ...]) -> Found | Other | None:
    """The engine that watches what is wanted, or one that nearly does; None: there is neither."""
    mode = wanted.play is None
    alike = [each for each in running if each.started.estate == wanted.estate and (each.started.play is None) == mode]
    for found in alike:
        why = difference(wanted, found.started)
        if why is None:
            return found
    return Other(alike[0], difference(wanted, alike[0].started) or "") if alike else None


def refuse_sharing(found: Found, share: str | None) -> None:
    """``--share`` for an engine that runs already would do nothing, unless it shares there."""
    if share is None or share == (found.started.share or NOT_SHARED):
        return
    seen = f"it shares at {found.started.share}" if found.started.share else "it was started without sharing"
    raise Trouble(
        f"The engine of {found.started.estate} runs already, and `--share` changes nothing about it.",
        seen=f"pid {found.started.pid or found.started.guard}; {seen}",
        mend="End it and start it with `--share`, or leave the option out.",
    )


def words(found: Found, zone: tzinfo | None = None) -> str:
    """Which engine it is, for a person; times by this machine's clock where no zone is given."""
    started = found.started
    at = f"{datetime.fromtimestamp(started.at_ms / 1000, zone):%H:%M}"
    whose = f"pid {started.pid}" if started.pid else f"the console of pid {started.guard}"
    return f"the engine of {whose}, started {at} by `dbconsole {started.command}`"


@contextlib.contextmanager
def deciding() -> Iterator[None]:
    """Nobody else of this user looks for an engine or claims a session meanwhile."""
    fd = os.open(paths.runtime_dir(), os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def running() -> tuple[Found, ...]:
    """The engines of this user that say how they were started. Under `deciding`."""
    found = ((path, read(path)) for path in paths.sessions())
    return tuple(Found(path, started) for path, started in found if started is not None)


def read(path: Path) -> Started | None:
    """How the engine of a session was started; None where that was not said, or in words of a later release."""
    try:
        said = json.loads((path / FILE).read_bytes())
        if said["format"] != FORMAT:
            return None
        return Started(**{each.name: said[each.name] for each in fields(Started) if each.name in said})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def keep(path: Path, started: Started) -> None:
    """Say how the engine of a session was started."""
    new = path / f"{FILE}.new"
    new.unlink(missing_ok=True)
    fd = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        json.dump(asdict(started), file)
    new.rename(path / FILE)


def listens_now(path: Path, pid: int, shared: str = "", port: int = 0) -> None:
    """Said by an engine once it may be joined. Where nobody said how it was started there is nothing to add to."""
    started = read(path)
    if started is not None:
        with contextlib.suppress(OSError):  # a full disk keeps no engine from its work
            keep(path, replace(started, pid=pid, shared=shared or started.shared, port=port or started.port))


def answers(path: Path) -> bool:
    """Whether somebody listens in a session. Asked of the viewers' socket: the other one would be a lease."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(os.fspath(path / "view.sock")) == 0


def wait_for(path: Path) -> Started | None:
    """How it was started, once it listens, or after long enough."""
    until = time.monotonic() + BEGINNING_MAY_TAKE_S
    while not answers(path) and time.monotonic() < until:
        time.sleep(0.05)
    return read(path)
