"""The screen of who is at work: the worst first, each to be read to its end, long work with how far it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collectors.inside.sessions import Sessions
from collectors.safe import Safe
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.scenario.script import Entry, Given
from console.screen.inside.session_rows import Chosen, chosen
from tests.collectors.inside.sessions import session
from tests.rig.played import MOMENT
from tests.rig.stage import Seen, screen
from tests.screen.inside.blocked import LATER, ORDERS, held_since, told

SIZES = ((80, 24), (120, 40), (200, 50))


async def to_orders(seen: Seen, name: str) -> None:
    await seen.press(*"jjjjjj", "colon", *name, "enter")
    await seen.until(lambda text: "orders-primary" in text.split("\n")[1])


def row_of(text: str, number: int) -> str:
    return next(line for line in text.split("\n") if line.strip().startswith(f"{number} "))


@pytest.mark.parametrize("size", SIZES)
async def test_who_holds_up_the_others_stands_first_and_is_told_to_its_end(
    size: tuple[int, int], tmp_path: Path
) -> None:
    async with screen(tmp_path, size) as seen:
        fact = await told(held_since(240))
        seen.engine.say(fact)
        await to_orders(seen, "activity")
        text = await seen.until(lambda text: "3m58s" in text)
        head = seen.lines[4]
        assert head.split()[:2] == ["61", "sleeping"]
        assert "3m58s" in head
        assert "4m00s" in head
        behind = int(head.split()[3])
        assert behind > 20
        assert f"{behind} blocked behind 1" in text
        assert "idle 3m58s, transaction open 4m00s" in text
        assert f"{behind} wait for it." in text
        assert "UPDATE dbo.stock SET reserved = reserved + @n WHERE sku = ?" in text
        assert ("GRANT" in text, "LOGIN" in text) == (size[0] == 200, size[0] >= 120)


async def test_what_it_waits_for_is_said_in_words_and_enter_goes_to_the_tree(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        seen.engine.say(await told(held_since(240)))
        await to_orders(seen, "activity")
        await seen.until(lambda text: "3m58s" in text)
        await seen.press("j")
        text = await seen.until(lambda text: "held by 61." in text)
        number = int(text.split("held by")[0].rsplit("\n", 2)[-2].split()[0])
        await seen.press("enter")
        await seen.until(lambda text: "WHO WAITS" in text and f" {number}: Waits" in text)
        await seen.press("enter")
        await seen.until(lambda text: "STATUS" in text and f"\n {number}  suspended" in text)


async def test_a_filter_leaves_those_that_say_it_and_esc_shows_all(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        fact = await told(held_since(240))
        writers = [row for row in fact.rows if row.wait == "LCK_M_X"]
        seen.engine.say(fact)
        await to_orders(seen, "activity")
        await seen.until(lambda text: "3m58s" in text)
        await seen.press("slash", *"lck_m_x", "enter")
        text = await seen.until(lambda text: "/lck_m_x" in text)
        assert f"{len(writers)} of {len(fact.rows)}" in text
        assert "LCK_M_S" not in text
        await seen.press("escape")
        await seen.until(lambda text: "LCK_M_S" in text and "STATUS" in text)
        await seen.press("escape")
        await seen.until(lambda text: "STATUS" not in text)


async def test_a_backup_tells_how_far_it_is_and_what_is_left(tmp_path: Path) -> None:
    begins, ends = Model(1, MOMENT.timestamp(), MACHINES).plan(ORDERS).night(int(MOMENT.timestamp() // 86_400))
    fact = await told(at=datetime.fromtimestamp(begins + 0.42 * (ends - begins), UTC))
    async with screen(tmp_path, (80, 24)) as seen:
        seen.engine.say(replace(fact, observed=LATER))
        await to_orders(seen, "activity")
        text = await seen.until(lambda text: "backup in 52" in text)
        line = next(line for line in text.split("\n") if "backup in 52" in line)
        assert line.count("⣿") == 8
        assert "42.0%" in line
        assert " left" in line


async def test_work_that_does_not_tell_how_far_it_is_says_that(tmp_path: Path) -> None:
    builds = session(53, command=Safe("ALTER INDEX"), task=Safe("index"), elapsed_ms=95_000.0)
    async with screen(tmp_path) as seen:
        seen.engine.say(Sessions(ORDERS, LATER, rows=(builds,), connected=9))
        await to_orders(seen, "activity")
        await seen.until(lambda text: "index in 53, orders: for 1m35s; it does not tell how far it is" in text)


async def test_a_long_statement_is_read_to_its_end(tmp_path: Path) -> None:
    text = " ".join(["SELECT", *(f"column_{n}," for n in range(120)), "the_end FROM t"])
    async with screen(tmp_path, (80, 24)) as seen:
        seen.engine.say(Sessions(ORDERS, LATER, rows=(session(53, statement=Safe(text)),), connected=9))
        await to_orders(seen, "activity")
        await seen.until(lambda text: "column_0" in text)
        assert "the_end" not in seen.text
        await seen.press("space")
        await seen.until(lambda text: "column_90," in text)


async def test_nobody_at_work_is_said(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        seen.engine.say(Sessions(ORDERS, LATER, rows=(), connected=9))
        await to_orders(seen, "activity")
        await seen.until(lambda text: "Nobody is at work, and nobody holds a transaction open." in text)


async def test_a_session_of_a_scenario_reaches_the_screen(tmp_path: Path) -> None:
    sets = {
        "session.77.status": Given("sleeping"),
        "session.77.login_name": Given("SHOP\\anna.keller"),
        "session.77.transaction_begin_time": Given(datetime.fromtimestamp(LATER.timestamp() - 7265, UTC)),
    }
    async with screen(tmp_path) as seen:
        seen.engine.say(await told(Entry(MOMENT.timestamp(), ORDERS, sets=sets)))
        await to_orders(seen, "activity")
        text = await seen.until(lambda text: "anna.keller" in text)
        assert "1 idle with a transaction open" in text
        assert "2h01m" in row_of(text, 77)


def test_each_order_puts_the_most_first_and_none_loses_a_row() -> None:
    rows = (session(1, cpu_ms=5.0, reads=9), session(2, cpu_ms=7.0, granted_kb=8), session(3, 1, tempdb_kb=80))
    fact = Sessions(ORDERS, LATER, rows=rows)
    first = {order: chosen(fact, Chosen(order))[0].id for order in ("cpu", "reads", "grant", "tempdb", "wait", "id")}
    assert first == {"cpu": 2, "reads": 1, "grant": 2, "tempdb": 3, "wait": 3, "id": 1}
    assert all(len(chosen(fact, Chosen(order))) == 3 for order in (*first, "worry", "for", "transaction"))
    assert [row.id for row in chosen(fact, Chosen(asked="lck UPDATE"))] == [3]
