"""What one wants otherwise is so at once, on every screen, and what is wrong leaves everything as it was."""

from __future__ import annotations

import os
import re
from datetime import UTC
from pathlib import Path

import pytest
from rich.color import ColorSystem

from collectors.errors import Trouble
from console.specs import Asked
from tests.rig import written
from tests.rig.stage import Seen, screen
from widgets.drawn import Drawn


def write(path: Path, text: str) -> None:
    """As an editor does: a new file in the place of the old one."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)


def pens(seen: Seen) -> str:
    return written.layer(written.canvas(seen.app, ColorSystem.TRUECOLOR))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "console.toml"


async def test_a_file_that_appears_changes_everything_that_is_on_the_screen(tmp_path: Path, file: Path) -> None:
    async with screen(tmp_path, colours="true", looks_file=file) as seen:
        await seen.press("question_mark")
        write(file, 'theme = "high-contrast"\nsymbols = "ascii"\n[overview]\ncolumns = ["level", "name"]\n')
        await seen.until(lambda _: "on #000000" in pens(seen))
        await seen.press("escape")
        text = await seen.until(lambda text: "SEV" in text)
        assert text.isascii()
        assert re.match(r" SEVv +RESOURCE *$", seen.lines[1])
        rows = written.canvas(seen.app, ColorSystem.TRUECOLOR).pens
        assert all(pen.bg for row in rows for pen in row), "its ground is everywhere"


async def test_a_screen_that_is_not_on_top_is_dressed_too(tmp_path: Path, file: Path) -> None:
    async with screen(tmp_path, colours="true", looks_file=file) as seen:
        await seen.press("3")
        await seen.until(lambda text: "VALUE" in text)
        await seen.press("1")
        await seen.until(lambda text: "RESOURCE" in text)
        write(file, 'theme = "high-contrast"\n')
        await seen.until(lambda _: "on #000000" in pens(seen))
        await seen.press("3")
        await seen.until(lambda text: "VALUE" in text)
        looks = {widget.look for widget in seen.app.screen.query("*").results() if isinstance(widget, Drawn)}
        assert looks == {seen.app.look}
        rows = written.canvas(seen.app, ColorSystem.TRUECOLOR).pens
        assert all(pen.bg for row in rows for pen in row)


async def test_a_file_that_goes_leaves_the_terminals_own(tmp_path: Path, file: Path) -> None:
    write(file, 'theme = "high-contrast"\n')
    async with screen(tmp_path, colours="true", looks_file=file) as seen:
        assert "on #000000" in pens(seen)
        os.unlink(file)
        await seen.until(lambda _: "on #000000" not in pens(seen))


async def test_a_wrong_file_is_said_until_it_is_mended_and_changes_nothing(tmp_path: Path, file: Path) -> None:
    write(file, 'theme = "dark"\n[keys]\n"app.freeze" = "f5"\n')
    async with screen(tmp_path, colours="true", looks_file=file) as seen:
        before = seen.app.looks
        write(file, 'theme = "drak"\n')
        text = await seen.until(lambda text: "Did you mean dark?" in text)
        assert f"{file}:1: theme" in text.replace("\n", "")
        assert seen.app.looks == before
        write(file, 'theme = "light"\n')
        await seen.until(lambda text: "The looks file was read again." in text)
        assert "Did you mean" not in seen.text
        assert seen.app.look.theme.name == "light"


async def test_a_file_that_is_wrong_at_the_start_is_refused(tmp_path: Path, file: Path) -> None:
    write(file, '[keys]\n"app.freeze" = "F5"\n')
    with pytest.raises(Trouble, match="is no key"):
        async with screen(tmp_path, looks_file=file):
            pass


async def test_keys_are_those_of_the_file_and_the_footer_and_the_help_say_so(tmp_path: Path, file: Path) -> None:
    write(file, '[keys]\n"app.freeze" = "u"\n"app.zone" = "z"\n"app.help" = "f1"\n"table.down" = "e"\n')
    async with screen(tmp_path, looks_file=file) as seen:
        assert "u:Freeze" in seen.text
        await seen.press("z")
        assert "FROZEN" not in seen.text
        assert seen.app.view.zone is not UTC
        await seen.press("u")
        await seen.until(lambda text: "FROZEN" in text)
        await seen.press("u", "question_mark")
        assert "Next row" not in seen.text, "? is no help any more"
        before = seen.app.view.chosen
        await seen.press("j")
        assert seen.app.view.chosen == before
        await seen.press("e")
        await seen.until(lambda _: seen.app.view.chosen != before)
        await seen.press("f1")
        text = await seen.until(lambda text: "Next row" in text)
        assert re.search(r"\be +Next row", text)


async def test_keys_that_are_taken_back_are_as_they_were(tmp_path: Path, file: Path) -> None:
    write(file, '[keys]\n"app.freeze" = "f5"\n')
    async with screen(tmp_path, looks_file=file) as seen:
        write(file, "")
        await seen.until(lambda text: "z:Freeze" in text)
        await seen.press("f5")
        assert "FROZEN" not in seen.text
        await seen.press("z")
        await seen.until(lambda text: "FROZEN" in text)


async def test_a_zone_that_was_turned_to_stays_when_something_else_of_the_file_changes(
    tmp_path: Path, file: Path
) -> None:
    write(file, 'times = "Etc/GMT-2"\n')
    async with screen(tmp_path, looks_file=file) as seen:
        assert "12:01:01" in seen.lines[0]
        await seen.press("u")
        await seen.until(lambda _: "10:01:01Z" in seen.lines[0])
        write(file, 'times = "Etc/GMT-2"\ntheme = "dark"\n')
        await seen.until(lambda text: "read again" in text)
        assert "10:01:01Z" in seen.lines[0]


async def test_the_board_is_arranged_anew(tmp_path: Path, file: Path) -> None:
    async with screen(tmp_path, looks_file=file) as seen:
        await seen.press("2")
        await seen.until(lambda text: "BACKUPS" in text)
        write(file, '[board]\nrows = [["waits"], ["facts"]]\n')
        text = await seen.until(lambda text: "DECLARED AND FOUND" in text)
        assert "WAITS" in text
        assert "BACKUPS" not in text


async def test_a_theme_is_tried_out_by_a_command_until_the_file_is_another(tmp_path: Path, file: Path) -> None:
    async with screen(tmp_path, colours="256", looks_file=file) as seen:
        await seen.press("colon", *"theme light", "enter")
        await seen.until(lambda _: seen.app.look.theme.name == "light")
        write(file, 'theme = "dark"\n')
        await seen.until(lambda _: seen.app.look.theme.name == "dark")


async def test_the_command_line_goes_before_the_file(tmp_path: Path, file: Path) -> None:
    write(file, 'theme = "light"\ncolor = 16\n')
    async with screen(tmp_path, asked=Asked(theme="dark"), looks_file=file) as seen:
        assert (seen.app.look.theme.name, seen.app.look.depth) == ("dark", "16")
