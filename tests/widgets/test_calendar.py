"""Does the calendar show every day once, in its place, with what happened, without colour? And do its keys move?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from collectors.safe import Safe
from widgets import draw
from widgets.calendar import LABEL, LEAST_CELL, WEEK, Calendar, Day, Mark, drawing, laid
from widgets.draw import Run
from widgets.tone import Symbols, Tone

TODAY = date(2026, 3, 11)
MARKS = (
    Mark(Safe("x"), Safe("F"), Safe("failed"), Tone.BAD),
    Mark(Safe("o"), Safe("A"), Safe("automated"), Tone.GOOD),
    Mark(Safe("+"), Safe("M"), Safe("manual"), Tone.ACCENT),
)
LEAST = WEEK * LEAST_CELL  # columns in which every day has room
sizes = st.tuples(st.integers(LEAST, 220), st.integers(6, 30))
marks = st.lists(st.sampled_from(MARKS), max_size=3, unique=True).map(tuple)


def days(*marked: tuple[Mark, ...], count: int = 35, today: date = TODAY) -> list[Day]:
    """The marks are those of the last days."""
    of = [()] * (count - len(marked)) + list(marked)
    return [Day(today - timedelta(days=count - 1 - n), of[n], is_today=n == count - 1) for n in range(count)]


def text(lines: list[list[Run]]) -> list[str]:
    return ["".join(words for words, _ in line) for line in lines]


@given(st.lists(marks, min_size=35, max_size=35), sizes, st.sampled_from(Symbols), st.integers(0, 34))
def test_every_day_stands_once_in_its_place(
    marked: list[tuple[Mark, ...]], size: tuple[int, int], symbols: Symbols, cursor: int
) -> None:
    shown = days(*marked)
    lines, where = drawing(shown, size, symbols, cursor), laid(len(shown), size)
    assert len(lines) == 1 + 5 * where.lines <= size[1]
    assert all(draw.runs_width(line) <= size[0] for line in lines)
    for index, day in enumerate(shown):
        week, column = divmod(index, WEEK)
        x, y = where.label + column * where.cell, 1 + week * where.lines
        cell = text(lines)[y][x : x + where.cell]
        assert cell.lstrip("[").startswith(f"{day.date:%d}")
        assert {where.day_at(x, y, 35), where.day_at(x + where.cell - 1, y + where.lines - 1, 35)} == {index}
        if day.marks:
            assert f"{day.marks[0].sign}{day.marks[0].letter}" in cell
        hidden = [mark for mark in day.marks if f"{mark.sign}{mark.letter}" not in cell]
        assert not hidden or "+" in cell.replace("+M", "")


@given(sizes, st.integers(1, 60), st.tuples(st.integers(-5, 300), st.integers(-5, 60)))
def test_a_place_is_of_one_day_or_none(size: tuple[int, int], count: int, at: tuple[int, int]) -> None:
    found = laid(count, size).day_at(*at, count)
    assert found is None or 0 <= found < count


@given(st.integers(0, LEAST), st.integers(0, 6))
def test_too_small_a_place_is_no_failure(columns: int, rows: int) -> None:
    lines = drawing(days(MARKS), (columns, rows), Symbols.ASCII, 3)
    assert len(lines) <= rows or not columns
    assert all(draw.runs_width(line) <= columns for line in lines)


def test_today_is_last_in_brackets_and_weeks_are_named_by_their_first_day() -> None:
    lines = text(drawing(days(MARKS[:2]), (79, 6), Symbols.ASCII))
    assert lines[0].split() == ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    assert [line.split()[:2] for line in lines[1:]] == [
        ["Feb", "05"], ["Feb", "12"], ["Feb", "19"], ["Feb", "26"], ["Mar", "05"],
    ]  # fmt: skip
    assert lines[-1].rstrip().endswith("[11]xFoA")


def test_where_there_is_room_a_word_says_what_the_sign_means() -> None:
    lines = text(drawing(days(MARKS[1:2], MARKS[:2]), (120, 11), Symbols.ASCII))
    assert lines[-1].split() == ["automated", "failed", "+1"]
    assert len(lines) == 11
    assert len(drawing(days(), (120, 10), Symbols.ASCII)) == 6  # a row too few for a second line of each week


class Alone(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.moves: list[date] = []

    def compose(self) -> ComposeResult:
        yield Calendar()

    def on_mount(self) -> None:
        self.calendar.show(days(MARKS))
        self.calendar.focus()

    def on_calendar_moved(self, message: Calendar.Moved) -> None:
        self.moves.append(message.day)

    @property
    def calendar(self) -> Calendar:
        return self.query_one(Calendar)


@pytest.mark.parametrize(
    ("keys", "ago"),
    [("h", 1), ("k", 7), ("kkj", 7), ("hl", 0), ("l", 0), ("j", 0), ("kkkkkkk", 34), ("g", 34), ("gl", 33), ("gG", 0)],
)
async def test_the_keys_move_by_days_and_weeks_and_stop_at_the_ends(keys: str, ago: int) -> None:
    app = Alone()
    async with app.run_test(size=(79, 6)) as pilot:
        await pilot.press(*keys)
        assert app.calendar.cursor == TODAY - timedelta(days=ago)
        assert not app.moves or app.moves[-1] == app.calendar.cursor


async def test_a_click_chooses_the_day_under_it() -> None:
    app = Alone()
    async with app.run_test(size=(79, 6)) as pilot:
        await pilot.click(Calendar, offset=(LABEL + 1, 1))
        assert app.moves == [TODAY - timedelta(days=34)]


async def test_midnight_moves_whoever_looks_at_today_and_nobody_else() -> None:
    app = Alone()
    async with app.run_test(size=(79, 6)) as pilot:
        tomorrow = TODAY + timedelta(days=1)
        app.calendar.show(days(today=tomorrow))
        assert app.calendar.cursor == tomorrow
        await pilot.press("h", "l")
        tomorrow += timedelta(days=1)
        app.calendar.show(days(today=tomorrow))
        assert app.calendar.cursor == tomorrow  # whoever goes back to today stays on it
        await pilot.press("h")
        app.calendar.show(days(today=tomorrow + timedelta(days=1)))
        assert app.calendar.cursor == TODAY + timedelta(days=1)
        app.calendar.show(days(today=tomorrow + timedelta(days=90)))
        assert app.calendar.cursor == tomorrow + timedelta(days=56)  # it has passed out of sight
