"""The screens of files and of memory: what is wrong is named in words, first, and at every size."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.inside.files import Database, Files, FileUse, Temporary, Volume
from collectors.inside.memory import Clerk, Grant, Memory, PageLife, Pool, Processors
from collectors.readings import ResourceId
from collectors.safe import Safe, sanitise
from console.screen.inside import file_words, memory_words
from console.screen.trail import Place
from console.screen.values import SIGNS
from tests.rig.played import MOMENT, PLAYED
from tests.rig.stage import Seen, screen
from widgets.bar import Ends
from widgets.rows import Row
from widgets.tone import Symbols, Tone

ORDERS = ResourceId(Safe("orders-primary"))
AT = MOMENT + PLAYED + timedelta(seconds=1)
GIB_KB = 1024 * 1024
SIZES = [(80, 24), (120, 40), (200, 50)]


def file(name: str, kind: str = "data", read: float | None = 1.0, write: float | None = 1.0) -> FileUse:
    return FileUse(Safe("orders"), Safe(name), Safe(kind), 10**9, 10, 20, 10**6, 10**6, read, write, 40.0)


FULL = Database(
    Safe("orders"),
    Safe("online"),
    Safe("full"),
    40 * 1024**3,
    97.0,
    Safe("ACTIVE_TRANSACTION"),
    Safe("an open transaction holds it; end the oldest"),
    83,
    1024,
)
FILES = Files(
    ORDERS,
    AT,
    files=(file("calm"), file("slow_data", read=70.0), file("the_log", "log", read=None, write=7.0)),
    databases=(FULL, Database(Safe("old"), Safe("suspect"), Safe("simple"), 0, 3.0)),
    temporary=Temporary(100, 10, 1000, 900, 1),
    interval_s=30.0,
    volumes=(Volume(Safe("D:\\"), 100 * 1024**3, 5 * 1024**3),),
)
MEMORY = Memory(
    ORDERS,
    AT,
    used_kb=100 * GIB_KB,
    target_kb=105 * GIB_KB,
    is_low=True,
    page_life_s=410.0,
    clerks=(Clerk(Safe("MEMORYCLERK_SQLBUFFERPOOL"), 80 * GIB_KB), Clerk(Safe("CACHESTORE_PHDR"), GIB_KB)),
    grants=(
        Grant(71, 8 * GIB_KB, None, 0, 9 * GIB_KB, 41_000.0, 8),
        Grant(94, 8 * GIB_KB, 8 * GIB_KB, GIB_KB, 9 * GIB_KB, 0.0, 8),
    ),
    pools=(Pool(78 * GIB_KB, 0, 78 * GIB_KB, 1, 2),),
    processors=Processors(16, 45, 9, 704, 704, 12, 90),
    page_life=PageLife.SHORT,
)


def said(lines: list[Ends]) -> str:
    return "\n".join("".join(words for words, _ in (*line.left, *line.right)) for line in lines)


def cells(rows: list[Row]) -> list[list[str]]:
    return [[str(cell.text) for cell in row.cells] for row in rows]


def signed(rows: list[Row]) -> list[str]:
    return [row.key for row in rows if row.sign == "!"]


def test_the_lines_about_files_name_what_is_wrong() -> None:
    text = said(file_words.sums(FILES, SIGNS, 200))
    assert "read 70.0ms slow_data slow reads" in text
    assert "write 7.0ms the_log slow writes" in text
    assert (
        "orders 97% of 40.0GiB, nearly full: an open transaction holds it; end the oldest (ACTIVE_TRANSACTION)" in text
    )
    assert "tempdb 5%, nearly full" in text
    assert "D:\\ 5.0GiB, nearly full" in text


def test_a_narrow_screen_says_the_whole_reason_on_a_line_of_its_own() -> None:
    lines = said(file_words.sums(FILES, SIGNS, 79)).split("\n")
    assert "  an open transaction holds it; end the oldest (ACTIVE_TRANSACTION)" in lines
    assert all(len(line) < 80 for line in lines[:3])


def test_rows_of_files_carry_a_sign_and_a_word_beside_the_colour() -> None:
    rows = file_words.files(FILES, SIGNS)
    assert [row[-1] for row in cells(rows)] == ["", "slow reads", "slow writes"]
    assert len(signed(rows)) == 2
    assert signed(file_words.databases(FILES, SIGNS)) == ["orders", "old"]


def test_a_file_that_is_slow_to_read_is_not_told_as_slow_to_write() -> None:
    fact = replace(FILES, files=(file("data", read=70.0, write=1.2),))
    said = "".join(text for text, _ in file_words.sums(fact, SIGNS, 120)[0].left)
    assert said.endswith("read 70.0ms data slow reads  write 1.2ms data")


@pytest.mark.parametrize(
    ("kind", "read", "write", "word", "tone"),
    [
        ("data", 20.0, 20.0, "", Tone.PLAIN),
        ("data", 21.0, None, "slow reads", Tone.WARN),
        ("data", 61.0, 1.0, "slow reads", Tone.BAD),
        ("data", 21.0, 61.0, "slow all", Tone.BAD),
        ("log", None, 5.1, "slow writes", Tone.WARN),
        ("data", None, 5.1, "", Tone.PLAIN),
    ],
)
def test_slow_is_by_what_the_file_is_for(
    kind: str, read: float | None, write: float | None, word: str, tone: Tone
) -> None:
    assert file_words.slow(file("x", kind, read, write)) == (word, tone)


def test_before_the_second_sample_no_rate_is_told() -> None:
    first = replace(FILES, interval_s=None, files=(file("calm", read=None, write=None),))
    assert "second sample" in said(file_words.sums(first, SIGNS, 120))
    row = cells(file_words.files(first, SIGNS))[0]
    assert row.count("…") == 6
    assert "0" not in row


def test_the_lines_about_memory_say_what_is_bad_in_words() -> None:
    text = said(memory_words.sums(MEMORY, SIGNS))
    assert "100GiB of 105GiB aimed at; low: the system asks for some back" in text
    assert "410 s, 6m: short for so much memory" in text
    assert "1 wait for a grant, 1 hold one; 0B of 78.0GiB left to grant; 2 gave up since the start" in text
    assert "45 ready and waiting for 16 cores, 9 at the busiest: far too few" in text
    assert "704 of 704, 12 requests have none: no worker is free" in text
    assert "Pending IO 90, many" in text


def test_nothing_is_called_bad_that_is_not() -> None:
    calm = replace(
        MEMORY,
        is_low=False,
        grants=(),
        pools=(Pool(78 * GIB_KB, 78 * GIB_KB, 0, 0, 0),),
        processors=Processors(16, 3, 1, 120, 704, 0, 4),
        page_life=PageLife.FINE,
    )
    lines = memory_words.sums(calm, SIGNS)
    assert {tone for line in lines for _, tone in line.left} <= {Tone.PLAIN, Tone.DIM}
    assert "nobody waits" in said(lines)


def test_who_waits_for_memory_stands_first_with_a_sign() -> None:
    rows = memory_words.grants(MEMORY, SIGNS)
    assert cells(rows)[0][:4] == ["71", "waits 41.0s", "8.0GiB", "—"]
    assert cells(rows)[1][1] == "12% used"
    assert signed(rows) == ["71/0"]


def test_bars_are_shares_of_what_is_used() -> None:
    rows = cells(memory_words.clerks(MEMORY, Symbols.BLOCK))
    assert rows[0] == ["pages of tables (SQLBUFFERPOOL)", "80.0GiB", "80.0%", "█" * 16]
    assert rows[1][0] == "PHDR"
    assert cells(memory_words.clerks(MEMORY, Symbols.ASCII))[0][3] == "#" * 16


async def open_at(seen: Seen, name: str) -> None:
    seen.app.go(Place(name, ORDERS))
    await seen.until(lambda text: "Files" in text and "Memory" in text)


@pytest.mark.parametrize("size", SIZES)
async def test_files_at_each_size(size: tuple[int, int], tmp_path: Path) -> None:
    async with screen(tmp_path, size) as seen:
        await open_at(seen, "files")
        seen.engine.say(FILES)
        words = ("slow_data", "slow reads", "nearly full", "ACTIVE_TRANSACTION", "tempdb 5%", "the_log", "suspect")
        await seen.until(lambda text: all(each in text for each in (*words, "o:Other list")))


@pytest.mark.parametrize("size", SIZES)
async def test_memory_at_each_size(size: tuple[int, int], tmp_path: Path) -> None:
    async with screen(tmp_path, size) as seen:
        await open_at(seen, "memory")
        seen.engine.say(MEMORY)
        words = (
            *("waits 41.0s", "low: the system asks for some back", "short for so much", "far too few"),
            *("no worker is free", "pages of tables", "71"),
        )
        await seen.until(lambda text: all(each in text for each in words))


async def test_the_demo_tells_both_and_the_keys_go_between_the_lists(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await open_at(seen, "files")
        await seen.until(lambda text: "orders_log" in text and "Fullest log" in text)
        focused = seen.app.focused
        await seen.press("o")
        assert seen.app.focused is not focused
        assert seen.app.focused is not None
        assert seen.app.focused.id == "second"
        await seen.press("o", "tab")
        await seen.until(lambda text: "Page life" in text and "SQLBUFFERPOOL" in text)


async def test_a_file_named_to_do_harm_is_shown_as_text(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await open_at(seen, "files")
        evil = replace(file("x"), name=sanitise("[red]a\x1b[2J\u202e"))
        seen.engine.say(replace(FILES, files=(evil,)))
        text = await seen.until(lambda text: "[red]a" in text)
        assert "\x1b" not in text


async def test_a_cache_says_that_it_has_no_such_thing(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        seen.app.go(Place("files", Safe("sessions-001")))
        await seen.until(lambda text: "Not applicable to redis" in text)
