"""The command line goes before the file, and the file before what the terminal is known to be able to do."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from console.environment import Able
from console.looks.model import LooksFile
from console.looks.settle import Looks, settle
from console.specs import Asked
from widgets.tone import TERMINAL, Depth, Symbols

HERE = Able("braille", "256", remote=False)
AFAR = Able("ascii", "none", remote=True)
NOTHING = Asked()


def of(said: str = "", *asked: Asked, able: Able = HERE) -> Looks:
    from profiles.load import tables_of  # noqa: PLC0415

    return settle(asked or (NOTHING,), LooksFile.model_validate(tables_of(said, "x")) if said else None, able)


def test_where_nothing_is_said_the_terminal_decides() -> None:
    assert of().look.theme is TERMINAL
    assert (of().look.symbols, of().look.depth) == (Symbols.BRAILLE, Depth.MANY)
    assert (of(able=AFAR).look.symbols, of(able=AFAR).look.depth) == (Symbols.ASCII, Depth.NONE)
    assert of().zone is UTC


def test_the_file_goes_before_the_terminal() -> None:
    looks = of('theme = "light"\nsymbols = "block"\ncolor = 8\ntimes = "Etc/GMT-2"', able=AFAR)
    assert (looks.look.theme.name, looks.look.symbols, looks.look.depth) == ("light", Symbols.BLOCK, Depth.EIGHT)
    assert looks.zone == ZoneInfo("Etc/GMT-2")


def test_the_command_line_goes_before_the_file_and_what_is_tried_out_before_both() -> None:
    file, line = 'theme = "light"\ncolor = 8\ntimes = "local"', Asked(theme="dark", times="utc")
    assert of(file, line).look.theme.name == "dark"
    assert of(file, line).zone is UTC
    assert of(file, line).look.depth is Depth.EIGHT
    assert of(file, Asked(theme="tritanopia"), line).look.theme.name == "tritanopia"


def test_auto_on_the_command_line_undoes_what_the_file_says() -> None:
    looks = of('symbols = "ascii"\ncolor = "never"\nmouse = true', Asked(symbols="auto", color="auto", mouse="auto"))
    assert (looks.look.symbols, looks.look.depth) == (Symbols.BRAILLE, Depth.MANY)


@pytest.mark.parametrize(
    ("file", "asked", "remote", "taken"),
    [
        ("", None, False, True),
        ("", None, True, False),
        ("mouse = true", None, True, True),
        ("mouse = false", None, False, False),
        ("mouse = true", False, True, False),
        ("mouse = 'auto'", None, True, False),
        ("mouse = false", True, True, True),
    ],
)
def test_the_mouse_is_left_alone_over_ssh_unless_it_is_asked_for(
    file: str, asked: bool | None, remote: bool, taken: bool
) -> None:
    able = Able("braille", "16", remote)
    assert of(file, Asked(mouse=asked), able=able).mouse is taken


def test_columns_and_tiles_are_as_the_file_has_them_or_as_others_do() -> None:
    looks = of('[overview]\ncolumns = ["level", "name"]\n[board]\nwide = [["waits"]]')
    assert looks.columns == ("level", "name")
    assert (looks.board.rows, looks.board.wide) == (None, (("waits",),))
    assert of().columns == ()
