"""The footer: a notice is read to its end, and the keys stay where there is room for them."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from collectors.safe import Safe, sanitise
from console.screen import foot
from widgets import draw
from widgets.bar import Ends
from widgets.tone import Tone

KEYS = ((Safe(" q:Quit "), Tone.DIM), (Safe(" ?:Help "), Tone.DIM))
NOTICE = Safe("No region is known for the account default. Name regions in the profile, or give `--region`.")


def text(lines: list[Ends]) -> list[str]:
    return ["".join(words for words, _ in line.left).strip() for line in lines]


def test_without_a_notice_there_are_the_keys() -> None:
    assert text(foot.lines(None, KEYS, 80, room=5)) == ["q:Quit  ?:Help"]


def test_a_short_notice_stands_before_the_keys() -> None:
    assert text(foot.lines(Safe("Frozen."), KEYS, 80, room=5)) == ["Frozen.  q:Quit  ?:Help"]


def test_a_long_one_stands_above_them_and_is_whole() -> None:
    shown = text(foot.lines(NOTICE, KEYS, 60, room=5))
    assert len(shown) == 3
    assert " ".join(shown[:-1]) == NOTICE
    assert shown[-1] == "q:Quit  ?:Help"


def test_where_there_is_no_room_for_lines_it_has_the_only_one() -> None:
    assert text(foot.lines(NOTICE, KEYS, 60, room=1)) == [f"{NOTICE}  q:Quit  ?:Help"]


def words(text: str) -> list[str]:
    """A mark that begins a line is given something to stand on."""
    return text.replace("\u25cc", "").split()


@example(" \u0300", 1)
@given(st.text(), st.integers(1, 200))
def test_wrapping_loses_no_word_and_no_line_is_too_long_but_for_one_word(raw: str, columns: int) -> None:
    said = sanitise(raw)
    found = list(foot.wrapped(said, columns))
    assert words(" ".join(found)) == words(said)
    assert all(draw.width(line) <= columns or len(line.split()) == 1 for line in found)


@given(st.text(max_size=2000), st.integers(1, 200), st.integers(1, 50))
def test_it_is_never_higher_than_its_room(raw: str, columns: int, room: int) -> None:
    assert 1 <= len(foot.lines(sanitise(raw), KEYS, columns, room=room)) <= max(1, room)
