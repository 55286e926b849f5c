"""How is a screen written down, so that a diff shows both another word and another colour?

The text comes first. Below it stands, for each way to colour it, which cells are not written plainly::

    == true, 16
     2     1-120 cyan
     3-4   2-8 bold · 53-57 bold red
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from rich.color import ColorSystem
from textual._compositor import LayoutUpdate
from textual.app import App
from textual.geometry import Size

from console.screen.cells import Canvas
from console.screen.sgr import DEFAULT, Pen

ATTRIBUTES = ("bold", "dim", "italic", "underline", "blink", "blink2", "reverse", "conceal", "strike")
COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
Run = tuple[int, int, Pen]  # first and last column, from 1


def canvas(app: App[int], depth: ColorSystem) -> Canvas:
    """What a terminal of that depth shows: the topmost screen over those behind it."""
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert isinstance(update, LayoutUpdate)
    drawn = Canvas(Size(*app.size))
    drawn.take(update, depth)
    return drawn


def text(drawn: Canvas) -> str:
    return "\n".join("".join(row).rstrip() for row in drawn.text)


def sheet(words: str, layers: Mapping[str, str]) -> str:
    """The text and, below it, its layers; those that are the same stand once, under all their names."""
    same: dict[str, list[str]] = {}
    for name, layer in layers.items():
        same.setdefault(layer, []).append(name)
    return "\n".join([words, *(f"== {', '.join(names)}\n{layer}".rstrip() for layer, names in same.items())]) + "\n"


def layer(drawn: Canvas) -> str:
    """Which cells are not written plainly, line by line; lines alike stand once."""
    rows = [tuple(_runs(words, pens)) for words, pens in zip(drawn.text, drawn.pens, strict=True)]
    lines = []
    for runs, group in groupby(enumerate(rows, 1), key=lambda numbered: numbered[1]):
        numbers = [number for number, _ in group]
        if runs:
            where = f"{numbers[0]}-{numbers[-1]}" if len(numbers) > 1 else f"{numbers[0]}"
            lines.append(f" {where:5} {' · '.join(map(_told, runs))}")
    return "\n".join(lines)


def _runs(words: Sequence[str], pens: Sequence[Pen]) -> Iterator[Run]:
    """Cells that are written alike; a plain blank between two of them parts nothing."""
    run: Run | None = None
    for column, (cluster, pen) in enumerate(zip(words, pens, strict=True), 1):
        if cluster == " " and pen == DEFAULT:
            continue
        if run is not None and run[2] == pen and not any(each != " " for each in words[run[1] : column - 1]):
            run = (run[0], column, pen)
            continue
        if run is not None and run[2] != DEFAULT:
            yield run
        run = (column, column, pen)
    if run is not None and run[2] != DEFAULT:
        yield run


def _told(run: Run) -> str:
    first, last, pen = run
    words = [name for bit, name in enumerate(ATTRIBUTES) if pen.flags >> bit & 1]
    words += [_colour(pen.fg)] if pen.fg else []
    words += [f"on {_colour(pen.bg)}"] if pen.bg else []
    return f"{first}-{last} {' '.join(words)}"


def _colour(codes: str) -> str:
    """Its name or, where it has none, its red, green and blue."""
    match [int(code) for code in codes.split(";")]:
        case [_, 2, *mixed]:
            return "#" + "".join(f"{part:02x}" for part in mixed)
        case [_, 5, number]:
            return f"colour{number}"
        case [code] if code >= 90:
            return f"bright {COLOURS[code % 10]}"
        case [code]:
            return COLOURS[code % 10]
    raise AssertionError(codes)
