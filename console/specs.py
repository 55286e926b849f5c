"""What an engine and a screen are told when they are started. Standard library only: the guard makes these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from console.environment import Able

Mode = Literal["control", "view"]
RoleWord = Literal["viewer", "operator", "admin"]
ROLES: tuple[RoleWord, ...] = ("viewer", "operator", "admin")  # each may do what those before it may
DEMO = "resilient-database"  # the embedded estate that is played where none is named


@dataclass(frozen=True, slots=True)
class Play:
    """The embedded estate: which one, how large, what happens in it, and its own time."""

    scenario: str  # a shipped estate or scenario, or a file
    seed: int
    size: int | None  # of its own, where nothing is said
    start: datetime  # the estate's clock at `anchor`
    anchor: float  # of the monotonic clock
    speed: float
    wire: bool = False  # SQL Servers are asked over TDS, through a driver
    driver: str = ""  # which; empty: the best there is
    role: RoleWord = "operator"  # the highest that whoever plays may take on
    endpoint: str | None = None  # of an emulator that another console has started; None: its own


@dataclass(frozen=True, slots=True)
class AwsOptions:
    """AWS's own options, which go before what a profile of ours says."""

    profile: str | None = None
    region: str | None = None


NOT_SHARED = "none"  # in place of a URL: whatever the profile says


@dataclass(frozen=True, slots=True)
class ShareOptions:
    """What the command line says of sharing, which goes before the profile's [share]."""

    url: str | None = None
    identity: Path | None = None  # of the private key that what is said is signed with
    trusted: Path | None = None  # public keys, a line each, in place of the profile's
    password_file: Path | None = None
    ca_file: Path | None = None  # that the broker's certificate is checked by


@dataclass(frozen=True, slots=True)
class RelaySpec:
    """What a viewer's own engine is told: it hears one publisher, and collects nothing."""

    url: str
    sockets: Path
    log: Path | None  # the folder; None: nothing can be kept
    guard: int  # its process id
    share: ShareOptions
    estate: str | None = None  # a profile's name or file, where one was named


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """What an engine is told. A restarted one is told the same, so that it goes on where the first was."""

    estate: str  # a profile's name or file
    sockets: Path
    state: Path | None  # None: nothing can be kept, and `notices` says why
    notices: tuple[str, ...]
    guard: int  # its process id
    run: str  # one start of the console: what a restarted engine goes on with
    play: Play | None = None  # None: AWS itself
    aws: AwsOptions = AwsOptions()
    audit: Path | None = None  # the folder of the audit trail; without one nothing is done
    read_only: bool = False  # somebody asked for it
    share: ShareOptions = ShareOptions()
    stays: bool = False  # `collect`: it needs no screen to live
    countdown_s: float = 5.0  # before it is sent; no option sets it, and only tests have it shorter


@dataclass(frozen=True, slots=True)
class Asked:
    """How somebody wants the screen, in the words of the command line and of the looks file. None: nothing is said."""

    theme: str | None = None
    symbols: str | None = None
    color: str | None = None
    times: str | None = None
    mouse: bool | Literal["auto"] | None = None


@dataclass(frozen=True, slots=True)
class ScreenSpec:
    """What a screen is told."""

    address: Path
    mode: Mode
    estate: str
    able: Able
    asked: Asked = Asked()
    looks_file: Path | None = None  # goes behind what was asked
    relayed: bool = False  # a viewer with an engine of its own, which it waits for
    attached: bool = False  # the engine was started by another console of the same user
