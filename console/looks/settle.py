"""How is everything drawn, once command line, file and terminal have been heard? Pydantic comes only with a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from console import environment
from console.environment import AUTO, Able
from console.screen.layout import NOTHING, Own
from console.screen.zones import local
from console.specs import Asked
from widgets.themes import THEMES
from widgets.tone import TERMINAL, Depth, Look, Symbols

if TYPE_CHECKING:
    from console.looks.model import LooksFile


@dataclass(frozen=True, slots=True)
class Looks:
    """Settled: nothing in it is to be decided any more."""

    look: Look
    zone: tzinfo
    mouse: bool
    keys: Mapping[str, str]  # of bindings by id
    columns: tuple[str, ...]  # of the overview; none: as it has them itself
    board: Own


def settle(asked: Sequence[Asked], said: LooksFile | None, able: Able) -> Looks:
    """Of what was ``asked`` the first that says something counts, then the file, then what the terminal can."""
    first = _first([*asked, said.asked() if said else Asked()])
    look = Look(
        THEMES[first.theme] if first.theme else TERMINAL,
        Symbols(environment.symbols(first.symbols or AUTO, {}) if _is_said(first.symbols) else able.symbols),
        Depth(environment.colours(first.color or AUTO, {}) if _is_said(first.color) else able.colours),
    )
    return Looks(
        look=look,
        zone=zone_of(first.times or "utc"),
        mouse=first.mouse if isinstance(first.mouse, bool) else not able.remote,
        keys=dict(said.keys) if said else {},
        columns=said.overview.columns if said and said.overview else (),
        board=Own(said.board.rows, said.board.wide) if said else NOTHING,
    )


def zone_of(times: str) -> tzinfo:
    """UTC itself and no other of its name: the screen asks whether it is that."""
    return UTC if times in ("utc", "UTC") else local() if times == "local" else ZoneInfo(times)


def _is_said(word: str | None) -> bool:
    return word not in (None, AUTO)


def _first(layers: Sequence[Asked]) -> Asked:
    said = {}
    for name in (each.name for each in fields(Asked)):
        values = (getattr(layer, name) for layer in layers)
        said[name] = next((value for value in values if value is not None), None)
    return Asked(**said)
