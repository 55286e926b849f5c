"""Which symbols and colours the surroundings allow."""

from __future__ import annotations

import pytest

from console.environment import colourless, symbols


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"LANG": "en_US.UTF-8", "TERM": "xterm-256color"}, "braille"),
        ({"LANG": "C.utf8"}, "braille"),
        ({"LANG": "C"}, "ascii"),
        ({}, "ascii"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, "ascii"),
        ({"LANG": "C", "LC_CTYPE": "de_DE.UTF-8"}, "braille"),
        ({"LANG": "en_US.UTF-8", "TERM": "linux"}, "block"),
        ({"LANG": "en_US.ISO-8859-1"}, "ascii"),
    ],
)
def test_the_locale_decides_the_symbols(environ: dict[str, str], expected: str) -> None:
    assert symbols("auto", environ) == expected


def test_what_is_asked_for_wins() -> None:
    assert symbols("ascii", {"LANG": "en_US.UTF-8"}) == "ascii"
    assert symbols("braille", {"LANG": "C"}) == "braille"


def test_an_empty_no_color_means_nothing() -> None:
    assert not colourless("auto", {"NO_COLOR": ""})
    assert colourless("auto", {"NO_COLOR": "1"})
    assert colourless("never", {})
