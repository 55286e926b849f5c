"""The screen of a cache: what is wrong is said in words, at every size, and whoever is not asked is told by AWS."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from collectors.errors import Denied
from collectors.inside.cache import Saving, SlowLog
from collectors.inside.replication import LinkState
from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.environment import SymbolSet
from console.screen.inside import cache_figures, cache_head, cache_nodes
from console.screen.inside.cache_figures import Node
from console.screen.inside.cache_rows import Section
from console.screen.inside.cache_server import server
from console.screen.trail import Place
from console.screen.values import SIGNS
from tests.rig.counted import CountedApp, cost, cost_of_nothing
from tests.rig.screens import SIZES, SPLIT
from tests.rig.stage import Seen, screen
from tests.screen.bodies import NOW, res, value
from tests.screen.inside.cached import FULL, FULL_USE, GROUP, RATES, SLOW, asked, aws, calm, group, node
from tests.screen.inside.copied import AT, described
from tests.screen.test_snapshots import compare_in, sheet
from widgets.bar import Ends
from widgets.tone import Symbols, Tone

SNAPSHOTS = Path(__file__).parent / "snapshots"
LOOK = cache_head.Look(SIGNS, Symbols.BLOCK, AT.timestamp())
FULL_NAME = sanitise(FULL)


def said(lines: list[Ends]) -> str:
    return "\n".join("".join(words for words, _ in line.left) for line in lines)


def tones(lines: list[Ends]) -> set[Tone]:
    return {tone for line in lines for _, tone in line.left}


def test_the_lines_say_what_is_wrong_in_words() -> None:
    text = said(cache_head.lines(Node(FULL_NAME, None, FULL_USE), SLOW, LOOK))
    for words in (
        "95 %  nearly full: then keys go  11.9GiB of 12.4GiB, allkeys-lru; frees 1,204 in the background",
        "61 %  low: the origin carries the rest",
        "6100/s found, 3900/s not; 95.8% since the start",
        "12.8k/s commands, 31us each; its one thread 91.5%: busy",
        "420/s: it is too small for what is put into it; 31/s expired; 1,204,534 keys",
        "312 of 65,000, 2 wait for something",
        "KEYS p50 150.0ms, p99 161.0ms since the start; 6 slow a minute",
        "Redis 7.1.0, up 45d; 1 replica",
        "OOM 31, NOPERM 3 since the start",
    ):
        assert words in text


def test_how_the_hit_rate_moved_is_drawn_against_a_hundred() -> None:
    moved = replace(LOOK, hits=(100.0, 50.0, None, 0.0))
    line = said(cache_head.lines(Node(FULL_NAME, None, FULL_USE), None, moved)[1:2])
    assert "█▅ ▁" in line


def test_one_that_is_well_has_no_tone_of_alarm() -> None:
    lines = cache_head.lines(Node(FULL_NAME, None, calm(FULL, "primary")), None, LOOK)
    assert tones(lines) <= {Tone.PLAIN, Tone.DIM, Tone.ACCENT}


def test_a_store_that_fills_up_will_refuse_writes() -> None:
    store = replace(FULL_USE, memory=replace(FULL_USE.memory, policy=Safe("noeviction")))
    assert "nearly full: then it refuses writes" in said(cache_head.lines(Node(FULL_NAME, None, store), None, LOOK))


@pytest.mark.parametrize("hits", [0.0, 0.3])
def test_a_share_of_hardly_any_keys_is_no_alarm(hits: float) -> None:
    idle = replace(FULL_USE, rates=replace(RATES, hits=hits, misses=0.4))
    assert not Node(FULL_NAME, None, idle).hits.is_wrong


def test_before_the_second_look_no_rate_is_told() -> None:
    text = said(cache_head.lines(Node(FULL_NAME, None, replace(FULL_USE, rates=None)), None, LOOK))
    assert "needs a second look at this node" in text
    assert "evict" not in text.lower()


def test_on_one_line_what_is_wrong_stands_first() -> None:
    (line,) = cache_head.in_one(Node(FULL_NAME, None, FULL_USE), LOOK)
    words = [text for text, _ in line.left]
    assert words[0] == " 96.0% memory !"
    assert [each for each in words if each.endswith("!")] == words[:4]


def test_what_cloudwatch_told_long_ago_is_told_as_old_and_judges_nothing() -> None:
    values = {cache_figures.AWS_HITS: value(12.0, s="stale", t=NOW - 180_000)}
    old = Node(FULL_NAME, res(kind="cache", engine="redis", values=values), None, NOW)
    assert (old.hits.said(SIGNS), old.hits.is_wrong, old.memory.said(SIGNS)) == ("? 3m", False, "—")
    assert "Hit rate    ? 3m" in said(cache_head.lines(old, None, LOOK))


def test_a_bound_of_the_profile_goes_before_ours_where_it_is_graver() -> None:
    values = {cache_figures.MEMORY: value(60.0, b=Severity.CRITICAL)}
    strict = Node(FULL_NAME, res(kind="cache", engine="redis", values=values), calm(FULL, "primary"))
    assert strict.memory.tone is Tone.BAD


def test_nodes_are_told_shard_by_shard_and_those_that_are_wrong_have_a_sign() -> None:
    nodes = [Node(FULL_NAME, None, FULL_USE), Node(Safe("b"), None, calm("b", "replica"))]
    full, well = cache_nodes.rows(nodes, SIGNS)
    assert (full.sign, well.sign) == ("!", " ")
    assert [str(cell.text) for cell in full.cells][3:8] == ["96.0%", "61.0%", "12.8k/s", "420/s", "312"]


@asynccontextmanager
async def told(folder: Path, size: tuple[int, int] = (120, 40), of: str = FULL, **others: Any) -> AsyncIterator[Seen]:
    async with screen(folder, size, **others) as seen:
        seen.engine.say(*(node(shard, n, "primary" if n == 1 else "replica") for shard in (1, 2, 3) for n in (1, 2)))
        for shard in (1, 2, 3):
            for number in (1, 2):
                await asked(seen.engine, f"{GROUP}-{shard:04}-{number:03}", "cloudwatch")
        await asked(seen.engine, FULL, "cache", "slow-log", "latency")
        seen.engine.say(*group())
        seen.app.go(Place("cache", sanitise(of)))
        yield seen


@pytest.mark.parametrize("size", [*SIZES, SPLIT])
async def test_a_group_at_each_size(size: tuple[int, int], tmp_path: Path) -> None:
    async with told(tmp_path, size) as seen:
        words = ("nearly full", "low: the origin", "busy", "too small", "GET", "KEYS", "CloudWatch")
        await seen.until(lambda text: all(each in text for each in words))
        await seen.until_still()
        compare_in(SNAPSHOTS, f"cache-group-{size[0]}x{size[1]}", await sheet(seen))


@pytest.mark.parametrize("section", [each for each in Section if each is not Section.COMMANDS])
async def test_each_list_on_the_smallest_usual_screen(section: Section, tmp_path: Path) -> None:
    words = {Section.SLOW: "cart:… (44)", Section.KEYS: "1,203,334", Section.SPIKES: "155.0ms", Section.NODES: "0003"}
    async with told(tmp_path, (80, 24)) as seen:
        await seen.until(lambda text: "Slow log 3" in text and "Nodes 6" in text)
        await seen.press(*("o" for _ in range(list(Section).index(section))))
        await seen.until(lambda text: words[section] in text)
        await seen.until_still()
        compare_in(SNAPSHOTS, f"cache-{section.name.lower()}-80x24", await sheet(seen))


@pytest.mark.parametrize("symbols", ["block", "ascii"])
async def test_with_other_symbols(symbols: SymbolSet, tmp_path: Path) -> None:
    async with told(tmp_path, (80, 24), symbols=symbols) as seen:
        await seen.until(lambda text: "too small" in text)
        await seen.until_still()
        assert seen.text.isascii() or symbols != "ascii"
        compare_in(SNAPSHOTS, f"cache-group-80x24-{symbols}", await sheet(seen))


async def test_in_four_lines_of_twenty_four_columns_the_worst_is_seen(tmp_path: Path) -> None:
    async with told(tmp_path, (24, 4)) as seen:
        await seen.until(lambda text: "96.0% memory !" in text)
    async with told(tmp_path / "other", (60, 8)) as seen:
        await seen.until(lambda text: "96.0% memory !" in text and "61.0% hits !" in text)


async def test_who_is_not_logged_in_to_is_told_by_cloudwatch_with_what_to_add(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        lone = "lone-001"
        seen.engine.say(described(lone, "valkey", "primary", "eu-west-1a", kind="cache"))
        await asked(seen.engine, lone, "cloudwatch")
        seen.engine.say(
            *aws(lone, EngineCPUUtilization=88.0, DatabaseMemoryUsagePercentage=61.0, CacheHitRate=66.0),
            *aws(lone, Evictions=120.0, CurrConnections=40.0),
        )
        seen.app.go(Place("cache", sanitise(lone)))
        text = await seen.until(lambda text: "61 %*" in text and "66 %*" in text)
        assert "[[redis]] of the profile says how it is logged in to." in text
        assert "low: the origin carries the rest" in text
        assert "its one thread 88.0%*: busy" in text
        assert "2/s*" in text
        assert "40*" in text


async def test_a_list_that_is_denied_names_its_grant_and_the_rest_is_told(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        seen.engine.say(node(1, 1, "primary"))
        await asked(seen.engine, FULL, "cache")
        denied = Denied("It may not ask that.", grant="+slowlog|get", mend="Run ACL SETUSER.")
        await asked(seen.engine, FULL, "slow-log", trouble=denied)
        seen.engine.say(FULL_USE)
        seen.app.go(Place("cache", FULL_NAME))
        await seen.until(lambda text: "nearly full" in text)
        assert "denied" not in seen.text
        await seen.press("o")
        text = await seen.until(lambda text: "slow-log is denied" in text)
        assert "It needs +slowlog|get." in text
        assert "Run ACL SETUSER." in text
        assert "nearly full" in text


async def test_keys_go_to_the_nodes_and_enter_opens_one_here(tmp_path: Path) -> None:
    for place, size in enumerate(((120, 40), (80, 24))):
        async with told(tmp_path / str(place), size) as seen:
            await seen.until(lambda text: "nearly full" in text)
            await seen.press("v", "j")
            await seen.until(lambda text: "baskets-0003-002" in text)
            await seen.press("enter")
            await seen.until(lambda text: "replica of 10.0.0.7:6379: in step" in text)
            assert f"{GROUP}-0001-002" in seen.lines[1]
            await seen.press("v", "v")
            await seen.until(lambda text: "COMMAND " in text)


async def test_tab_goes_from_the_cache_to_its_replication_and_backups_and_around(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        seen.app.go(Place("cache", Safe("sessions-001")))
        await seen.until(lambda text: "Held up by" in text)
        await seen.press("tab")
        await seen.until(lambda text: "WHO COPIES FROM WHOM" in text)
        await seen.press("tab")
        await seen.until(lambda text: "Days" in text)
        await seen.press("tab")
        await seen.until(lambda text: "Held up by" in text)


async def test_what_is_no_cache_says_so_and_who_went_is_said_to(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        seen.app.go(Place("cache", Safe("orders-primary")))
        await seen.until(lambda text: "Not applicable to sqlserver-ee: it is no cache." in text)
        seen.app.go(Place("cache", Safe("nowhere")))
        await seen.until(lambda text: "nowhere is no longer in the estate" in text)


async def test_text_meant_to_do_harm_is_shown_as_text(tmp_path: Path) -> None:
    async with told(tmp_path) as seen:
        evil = replace(SLOW.rows[0], command=sanitise("[red]a\x1b[2J\u202e"))
        seen.engine.say(SlowLog(SLOW.about, AT, (evil,)))
        await seen.press("o")
        assert "\x1b" not in await seen.until(lambda text: "[red]a" in text)


async def test_a_look_that_brings_the_same_costs_nothing_and_a_key_little(tmp_path: Path) -> None:
    async with told(tmp_path, make=CountedApp) as seen:
        await seen.until(lambda text: "too small" in text)
        assert await cost_of_nothing(seen) == 0
        assert await cost(seen, "j") < 700


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"saving": Saving(is_under_way=True)}, "a snapshot is being written"),
        ({"saving": Saving(is_well=False)}, "its last snapshot failed"),
        ({"saving": Saving(appends=True, appends_well=False)}, "its append-only file cannot be written"),
        ({"is_loading": True}, "it serves nobody yet"),
        ({"link": LinkState.BROKEN, "source": Safe("a:1"), "replicas": 0}, "replica of a:1: broken"),
    ],
)
def test_what_is_wrong_with_the_node_itself_is_said_with_a_tone(fields: dict[str, Any], words: str) -> None:
    line = server(replace(calm(FULL, "primary"), **fields), AT.timestamp())
    assert words in said([line])
    assert tones([line]) & {Tone.WARN, Tone.BAD}
