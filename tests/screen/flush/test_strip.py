"""What every screen says of the time after a flush: its head, its rows, once as news, in reports and in plain text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from collectors.safe import NO_TEXT
from console.plain import text
from console.protocol.flush import Flush
from console.protocol.message import Message
from console.protocol.mirror import Mirror
from console.screen.flush.news import FlushNews
from console.screen.flush.strip import of_row, strip
from console.screen.flush.told import reported
from console.screen.picture import Picture
from console.screen.values import SIGNS
from tests.screen.acting.plans import NOW
from tests.screen.acting.stage import gated
from tests.screen.bodies import picture, res
from tests.screen.flush.given import (
    ADMIN,
    CACHE,
    COLD,
    DONE,
    HOT,
    ID,
    NOTHING,
    ORDERS,
    OVER,
    WATCHED,
    figure,
    flush,
)
from tests.screen.flush.stage import tell
from widgets.tone import Tone

KNOWN = {CACHE: res(kind="cache", engine="redis"), ORDERS: res(), "billing": res()}


def seen(*told: Flush) -> Picture:
    return replace(picture(KNOWN), now_ms=NOW, flushes={str(each.id): each for each in told})


def head(*told: Flush) -> str:
    return "".join(words for words, _ in strip(seen(*told))).strip()


def row(told: Flush, name: str = CACHE) -> str:
    found = of_row(seen(told), name)
    return "" if found is None else str(found[0])


def test_the_head_tells_how_it_does() -> None:
    assert head(WATCHED) == "FLUSHED sessions-001 hit rate 41 %"
    assert head(WATCHED, COLD.model_copy(update={"id": "other"})) == "FLUSHED sessions-001 hit rate 41 % +1"
    assert head(NOTHING) == "FLUSHED sessions-001"
    calm = figure("hit rate", CACHE, 96.0, 95.0, 95.0, is_as_before=True)
    assert head(flush(figures=(figure("CPU", ORDERS, 43.0, None, None), calm))) == "FLUSHED sessions-001 hit rate 95 %"
    assert head(OVER) == head() == ""


def test_a_row_tells_it_of_the_cache_and_of_its_origin() -> None:
    assert row(WATCHED) == "flushed 3 min ago by ann: hit rate 41 %, orders-primary CPU 88 %"
    assert row(WATCHED, ORDERS) == "sessions-001 flushed 3 min ago by ann: hit rate of sessions-001 41 %, CPU 88 %"
    assert row(WATCHED, "billing") == row(OVER) == ""
    failed = WATCHED.model_copy(update={"failed": True, "done": NOW - 20_000})
    assert row(failed).startswith("flush FAILED 20 s ago by ann: ")
    assert head(failed) == "FLUSH FAILED sessions-001 hit rate 41 %"


def test_of_a_group_of_many_nodes_those_that_are_not_as_before_are_named_and_the_others_counted() -> None:
    calm = [figure("hit rate", f"sessions-{number}", 96.0, 95.0, 95.0, is_as_before=True) for number in range(9)]
    many = flush(figures=(*calm, figure("hit rate", CACHE, 96.0, 3.0, 12.0)))
    assert row(many).endswith(
        "hit rate 12 %, hit rate of sessions-0 95 %, hit rate of sessions-1 95 %, hit rate of sessions-2 95 %, 6 more"
    )


@pytest.mark.parametrize("told", [HOT, COLD])
def test_an_alarm_stands_before_it_in_the_colour_of_danger(told: Flush) -> None:
    assert row(told).startswith(told.alarms[0])
    assert of_row(seen(told), CACHE) == (row(told), Tone.BAD)
    ((_, tone),) = strip(seen(told))
    assert tone is Tone.BAD


def test_one_that_ended_badly_stands_until_somebody_has_acknowledged_it() -> None:
    known = replace(seen(COLD), ops={ID: DONE})
    assert strip(known)
    assert not strip(replace(known, ops={ID: DONE.model_copy(update={"acknowledged": "ann"})}))


def test_without_contact_it_is_not_live() -> None:
    lost = replace(seen(HOT), contact="lost", age_s=30.0, now_ms=NOW + 30_000)
    ((words, tone),) = strip(lost)
    assert (words.strip(), tone) == ("FLUSHED sessions-001 hit rate 41 % NOT LIVE", Tone.DIM)


def test_news_are_an_alarm_and_the_end_once_each_and_not_of_what_is_in_sight() -> None:
    news = FlushNews()
    assert news.of(seen(WATCHED), besides=None) is None
    hot = seen(HOT)
    assert str(news.of(hot, besides=None)).startswith("After the flush of sessions-001: orders-primary went over 90 %")
    assert news.of(hot, besides=None) is None
    assert news.of(seen(OVER), besides=str(ID)) is None
    assert news.of(seen(WATCHED), besides=None) is None
    assert str(news.of(seen(OVER), besides=None)).startswith("After the flush of sessions-001: hit rate 96.4 % ->")


def test_a_report_has_it_for_an_hour() -> None:
    (line,) = reported(seen(WATCHED), UTC)
    assert line.startswith("Flush of sessions-001 (ann, 09:57:51Z, 3 min ago). hit rate 41 %, orders-primary CPU 88 %.")
    (line,) = reported(seen(OVER), UTC)
    assert line.endswith(
        "hit rate 96.4 % -> 3.1 % -> 95.8 % after 1 min 20 s; orders-primary CPU 43 % -> 88 % -> 45 %."
    )
    assert reported(replace(seen(OVER), now_ms=NOW + 3_700_000), UTC) == []


async def test_it_is_on_every_viewers_overview_board_and_resource_screen(tmp_path: Path) -> None:
    async with gated(tmp_path, (80, 24), offers=ADMIN, mode="view") as (seen, _):
        await tell(seen, WATCHED)
        seen.app.say(NO_TEXT)
        await seen.until(lambda text: "FLUSHED sessions-001" in text.splitlines()[0] and "flushed 3 min ago" in text)
        await seen.press("colon", *"go sessions-001", "enter")
        await seen.until(lambda text: "flushed 3 min ago by ann: hit rate 41 %" in text)
        await seen.press("colon", *"board orders-primary", "enter")
        await seen.until(lambda text: "sessions-001 flushed 3 min ago by ann" in text)


def test_plain_text_has_a_line_of_it() -> None:
    mirror = Mirror()
    meta = picture({}).meta
    assert meta is not None
    told = (("meta", (), meta), ("flush", (str(ID),), WATCHED))
    for seq, (kind, rest, body) in enumerate(told, start=1):
        topic = "/".join(("dbo/v1/test", kind, *rest))
        mirror.apply(topic, Message(topic, kind, NOW, "e", seq, "engine", body.model_dump(mode="json")))
    lines = text(mirror, NOW, SIGNS).splitlines()
    assert "flush of sessions-001 3 min ago: hit rate 41 %, orders-primary CPU 88 %" in lines
    mirror.apply(f"dbo/v1/test/flush/{ID}", None)
    assert mirror.flushes == {}
