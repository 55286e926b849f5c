"""What should the terminal show, cell by cell? Textual's updates, put on a canvas."""

from __future__ import annotations

import re

from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Size
from textual.strip import Strip

from console.screen.sgr import DEFAULT, Pen, on_blank, pen_of
from widgets.measure import clusters

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_NARROW = frozenset(
    chr(code)
    for first, last in (
        *((0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x2FF), (0x370, 0x377), (0x388, 0x38A), (0x400, 0x482)),
        *((0x2010, 0x2027), (0x2190, 0x2199), (0x2500, 0x25FC), (0x2800, 0x28FF)),
    )
    for code in range(first, last + 1)
)


class Unfamiliar(Exception):  # noqa: N818 - not an error: Textual draws such a frame itself
    """The update holds something that cells and pens cannot say."""


class Canvas:
    """Rows of cells. A wide character has its text in its first cell and nothing in its second."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.text: list[list[str]] = [[" "] * size.width for _ in range(size.height)]
        self.pens: list[list[Pen]] = [[DEFAULT] * size.width for _ in range(size.height)]

    def take(self, update: LayoutUpdate | ChopsUpdate, system: ColorSystem) -> None:
        """Put an update where it belongs. Raises Unfamiliar, after which the canvas is not to be used."""
        if isinstance(update, LayoutUpdate):
            for y, line in enumerate(update.strips, update.region.y):
                x = update.region.x
                for strip in line:
                    x = self.put(x, y, strip, system)
            return
        for y, x1, x2 in update.spans:  # as ChopsUpdate.render_segments walks them
            for end, (x, chop) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if chop is None or x > x2 or end <= x1:
                    continue
                whole = x2 > x >= x1 and end <= x2
                self.put(x, y, chop if whole else chop.crop(0, min(end, x2) - x), system)

    def put(self, x: int, y: int, strip: Strip, system: ColorSystem) -> int:
        """Put a strip from cell ``x`` on; where it ended."""
        if not 0 <= y < self.size.height:
            return x
        for words, style, control in strip:
            pen = pen_of(style, system)
            if control or pen is None:
                raise Unfamiliar
            if _NARROW.issuperset(words):
                x = self._put_cells(x, y, list(words), pen)
            else:
                # a control character must not have come so far; it has no cell and would act on the terminal
                cells: list[str] = []
                for cluster, size in clusters(_CONTROL.sub("", words)):
                    cells += [cluster] if size == 1 else [cluster, ""]
                x = self._put_cells(x, y, cells, pen)
        return x

    def _put_cells(self, x: int, y: int, cells: list[str], pen: Pen) -> int:
        text, end = self.text[y], min(x + len(cells), self.size.width)
        count = end - x
        if count <= 0:
            return x + len(cells)
        follower = text[end] if end < self.size.width else " "
        if text[x] == "" and x:
            text[x - 1] = " "  # half of what stood here is overwritten, so the other half goes
        if follower == "":
            text[end] = " "
        text[x:end] = cells[:count]
        if count < len(cells) and cells[count] == "":
            text[end - 1] = " "  # a wide character does not fit into the last cell
        self.pens[y][x:end] = [pen] * count
        if " " in cells:
            blank = on_blank(pen)
            if blank != pen:
                pens = self.pens[y]
                for column in range(x, end):
                    if text[column] == " ":
                        pens[column] = blank
        return x + len(cells)
