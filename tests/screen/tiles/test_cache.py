"""A cache on the board, in place of the waits that it does not have."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from collectors.inside.cache import CacheUse
from collectors.readings import ResourceId, Severity
from collectors.safe import Safe
from console.protocol.res import Res
from console.screen.layout import PLAIN, Rows, of_kind
from console.screen.tiles.all import TILES
from console.screen.trail import Place
from tests.rig.stage import screen
from tests.screen.bodies import ORDERS, res
from tests.screen.inside.cached import FULL, FULL_USE, asked, calm, node
from tests.screen.tiles.scenes import collector, scene, seen, tell, words

HERE = ResourceId(Safe(ORDERS))


def told(use: CacheUse, rows: int = 18) -> tuple[list[str], Severity | None]:
    about: dict[str, Res] = {ORDERS: res(kind="cache", engine="redis")}
    picture = replace(seen(about, collector("cache")), inside={CacheUse.part: {ORDERS: replace(use, about=HERE)}})
    content = tell("cache", scene(picture, rows=rows))
    assert content.chart is not None
    assert content.chart.title == "redis.hit_percent"
    return words(content), content.level


def test_one_that_is_full_makes_the_tile_a_warning() -> None:
    lines, level = told(FULL_USE)
    assert "nearly full: then keys go" in lines[0]
    assert level is Severity.WARNING
    assert len(told(FULL_USE, rows=8)[0]) == 4  # the rest is the chart's


def test_one_that_is_well_has_no_level() -> None:
    assert told(calm(ORDERS, "primary"))[1] is None


def test_where_nobody_logs_in_the_profile_is_named() -> None:
    text = " ".join(words(tell("cache", scene(seen({ORDERS: res(kind="cache", engine="valkey")})))))
    assert "[[redis]] of the profile says how it is logged in to." in text


def test_waits_of_a_cache_are_itself_and_of_others_what_they_were() -> None:
    assert of_kind(PLAIN, "cache") == (("cloudwatch", "cache"), ("lag", "backups"))
    assert of_kind(PLAIN, "instance") == of_kind(PLAIN, "") == PLAIN
    own: Rows = (("waits", "cache"),)
    assert of_kind(own, "cache") == own  # as somebody wants it


names = st.sampled_from(list(TILES))


@given(st.lists(st.lists(names, min_size=1, max_size=4).map(tuple), min_size=1, max_size=4).map(tuple))
def test_no_tile_is_lost_or_doubled_by_it(rows: Rows) -> None:
    found = of_kind(rows, "cache")
    assert [len(row) for row in found] == [len(row) for row in rows]
    assert {name for row in found for name in row} >= {name for row in rows for name in row} - {"waits"}


async def test_the_board_of_a_cache_has_it_and_enter_opens_its_screen(tmp_path: Path) -> None:
    async with screen(tmp_path) as there:
        there.engine.say(node(1, 1, "primary"))
        await asked(there.engine, FULL, "cache", "cloudwatch")
        there.engine.say(FULL_USE)
        there.app.go(Place("board", Safe(FULL)))
        await there.until(lambda text: " CACHE " in text and "nearly full" in text and " WAITS " not in text)
        await there.press("tab", "enter")
        await there.until(lambda text: "Held up by" in text)
        there.app.go(Place("board", Safe("orders-primary")))
        await there.until(lambda text: " WAITS " in text and " CACHE " not in text)
