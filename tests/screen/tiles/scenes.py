"""A tile's words, told of one resource without a screen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from collectors.safe import Safe
from console.protocol.res import Res
from console.protocol.status import CollectorState, Status
from console.screen.picture import Picture
from console.screen.tiles.all import TILES
from console.screen.tiles.tile import Scene, Told, told
from console.screen.values import SIGNS
from console.screen.view import View
from tests.screen.bodies import NOW, ORDERS, picture
from widgets.tone import Symbols


def collector(name: str, state: str = "ok", **fields: Any) -> CollectorState:
    return CollectorState(**{"name": name, "target": ORDERS, "state": state, "last": NOW, "since": NOW, **fields})


def seen(resources: dict[str, Res], *collectors: CollectorState, **others: Any) -> Picture:
    """A picture of an engine whose collectors have said how they do."""
    return replace(picture(resources, **others), status=Status(online=True, collectors=collectors))


def scene(picture: Picture, columns: int = 60, rows: int = 18, symbols: Symbols = Symbols.BRAILLE) -> Scene:
    return Scene(picture, Safe(ORDERS), View(), SIGNS, symbols, columns, rows)


def tell(name: str, seen_from: Scene) -> Told:
    return told(TILES[name], seen_from)


def words(content: Told) -> list[str]:
    return ["".join(text for text, _ in (*line.left, *line.right)).strip() for line in content.lines]
