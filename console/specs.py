"""What an engine and a screen are told when they are started. Standard library only: the guard makes these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from console.environment import SymbolSet

Mode = Literal["control", "view"]


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """What an engine is told. A restarted one is told the same, so that it goes on where the first was."""

    estate: str
    sockets: Path
    state: Path | None  # None: nothing can be kept, and `notices` says why
    notices: tuple[str, ...]
    seed: int
    start: datetime  # the estate's clock at `anchor`
    anchor: float  # of the monotonic clock
    speed: float
    guard: int  # its process id
    run: str  # one start of the console: what a restarted engine goes on with


@dataclass(frozen=True, slots=True)
class ScreenSpec:
    """What a screen is told."""

    address: Path
    mode: Mode
    estate: str
    symbols: SymbolSet
    colourless: bool
    mouse: bool
