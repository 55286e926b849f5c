"""The screen of who holds up whom: the tree with its root first, and that nobody does."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.inside.sessions import Sessions
from collectors.safe import Safe
from console.environment import SymbolSet
from tests.collectors.inside.sessions import session
from tests.rig.stage import screen
from tests.screen.inside.blocked import LATER, ORDERS, held_since, told
from tests.screen.inside.test_activity import SIZES, to_orders


@pytest.mark.parametrize("size", SIZES)
async def test_the_head_says_that_it_is_idle_and_what_it_last_ran(size: tuple[int, int], tmp_path: Path) -> None:
    async with screen(tmp_path, size) as seen:
        fact = await told(held_since(240))
        seen.engine.say(fact)
        await to_orders(seen, "blocking")
        text = await seen.until(lambda text: "behind it" in text)
        count = sum(row.blocked_by != 0 for row in fact.rows)
        words = f"61 idle 3m58s, transaction open 4m00s, {count} behind it, longest wait 3m59s"
        assert seen.lines[4].strip().startswith(words)
        assert f"{count} sessions wait for 61 checkout-web on WEB-02" in text
        assert "Last it ran: UPDATE dbo.stock" in text
        assert "├─" in text
        assert "│ └─" in text or "│ ├─" in text


@pytest.mark.parametrize(
    ("symbols", "guides"), [("ascii", ("|- 70", "| `- 71", "`- 72")), ("block", ("├─ 70", "│ └─ 71", "└─ 72"))]
)
async def test_the_guides_are_of_what_the_terminal_can_show(
    symbols: SymbolSet, guides: tuple[str, ...], tmp_path: Path
) -> None:
    rows = (session(61), session(70, 61), session(71, 70), session(72, 61))
    async with screen(tmp_path, (80, 24), symbols=symbols) as seen:
        seen.engine.say(Sessions(ORDERS, LATER, rows=rows))
        await to_orders(seen, "blocking")
        text = await seen.until(lambda text: "behind it" in text)
        assert all(guide in text for guide in guides)
        assert text.isascii() or symbols != "ascii"


async def test_that_nobody_blocks_anybody_is_said_with_when_it_was_so(tmp_path: Path) -> None:
    async with screen(tmp_path, (80, 24)) as seen:
        seen.engine.say(Sessions(ORDERS, LATER, rows=(session(70, 70),)))
        await to_orders(seen, "blocking")
        text = await seen.until(lambda text: "Nobody blocks anybody." in text)
        assert "1 session was there at 10:01:05Z." in text


async def test_a_deadlock_and_who_is_not_listed_are_said(tmp_path: Path) -> None:
    rows = (
        *(session(90, 91), session(91, 90)),
        session(70, 66),
        session(72, -2, held=Safe("an orphaned distributed transaction")),
    )
    async with screen(tmp_path, (120, 40)) as seen:
        seen.engine.say(Sessions(ORDERS, LATER, rows=rows))
        await to_orders(seen, "blocking")
        text = await seen.until(lambda text: "behind it" in text)
        assert "A deadlock in flight: 90 waits for 91 waits for 90." in text
        assert "66 1 behind it, longest wait 70ms  not listed: gone since" in text
        assert "an orphaned distributed transaction" in text
        await seen.press("j", "j", "enter")
        await seen.until(lambda text: "is not among the sessions that are listed" in text)


async def test_a_queue_deeper_than_the_screen_is_wide_says_how_deep_it_is(tmp_path: Path) -> None:
    rows = (session(51), *(session(number, number - 1) for number in range(52, 90)))
    async with screen(tmp_path, (80, 50)) as seen:
        seen.engine.say(Sessions(ORDERS, LATER, rows=rows))
        await to_orders(seen, "blocking")
        text = await seen.until(lambda text: "38 behind it" in text)
        assert "30:" in text
