"""Can a screen be looked at outside a terminal, and in greys?"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.rig import picture
from tests.rig.needs import need
from tests.rig.svg import GROUNDS, svg
from tests.rig.vt import Display


def shown(output: bytes, columns: int = 20) -> str:
    display = Display(columns, 2)
    display.feed(output)
    return svg(display.cells(), "dark")


def test_a_demo_becomes_a_picture_with_its_words_and_one_without_hues(tmp_path: Path) -> None:
    file = tmp_path / "overview.svg"
    assert picture.main([str(file), "--size", "80x24", "--grey", "--after", "1", "--", "--speed", "60"]) == 0
    root = ET.parse(file).getroot()  # noqa: S314 - our own
    assert "orders-primary" in " ".join(root.itertext())
    grey = file.with_stem("overview-grey").read_text(encoding="utf-8")
    assert len(set(re.findall(r'fill="#(\w{6})"', grey))) > 2
    assert all(len(set(re.findall("..", colour))) == 1 for colour in re.findall(r'fill="#(\w{6})"', grey))


def test_a_png_is_made_where_its_maker_is_there(tmp_path: Path) -> None:
    need("rsvg-convert")
    picture.write(shown(b"billing"), tmp_path / "one.png")
    assert (tmp_path / "one.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (b"\x1b[31mbad", f'fill="#{GROUNDS["dark"][2][1]}"'),
        (b"\x1b[38;2;2;22;5mmixed", 'fill="#021605"'),
        (b"\x1b[1mheavy", 'font-weight="bold"'),
        (b"\x1b[7mchosen", f'fill="#{GROUNDS["dark"][1]}"/>'),
        (b"a < b & c", "a &lt; b &amp; c"),
        ("⣀".encode(), "<path"),
    ],
    ids=["named", "mixed", "bold", "reverse", "marks", "braille"],
)
def test_what_the_terminal_was_told_is_in_the_picture(output: bytes, said: str) -> None:
    assert said in shown(output)


def test_what_is_faint_is_fainter_and_ends_where_it_ends() -> None:
    plain = GROUNDS["dark"][1]
    colours = re.findall(r'<text [^>]*fill="#(\w+)"', shown(b"\x1b[2mfaint\x1b[22m plain"))
    assert colours[1] == plain
    assert int(colours[0], 16) < int(plain, 16)
