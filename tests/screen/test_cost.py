"""The cost screen: what is spent, of what may be spent, on what, and why no more is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from console.protocol.status import CollectorState, Cost, Spending, Status
from console.screen import cost_words
from console.screen.values import SIGNS
from tests.rig.stage import screen
from widgets.bar import Ends


def spending(what: str, every: float | None, full: float = 60, usd: float = 1.0, why: str = "") -> Spending:
    told: dict[str, Any] = {"what": what, "series": 1200, "every_s": every, "full_every_s": full}
    return Spending.model_validate(told | {"usd_per_day": usd, "why": why})


def text(lines: list[Ends]) -> str:
    return "\n".join("".join(words for words, _ in line.left) for line in lines)


def test_the_day_its_budget_and_what_is_left_come_first() -> None:
    status = Status(online=True, cost=Cost(usd_today=1.25, budget_usd=5.0, usd_per_day=4.0))
    said = text(cost_words.sums(status))
    assert "Today $1.25 of $5.00: $3.75 left until midnight UTC." in said
    assert "At the present pace a day costs $4.00." in said
    assert "Everything is asked as often as it may be." in said


def test_more_than_the_budget_is_said_with_what_follows() -> None:
    status = Status(
        online=True, cost=Cost(usd_today=5.5, budget_usd=5.0, usd_per_day=9.0), spending=(spending("a", 300),)
    )
    said = text(cost_words.sums(status))
    assert "$0.00 left" in said
    assert "more than the budget: what matters least is asked less often." in said
    assert "all at full pace would be $4.00 a day more" in said


def test_each_kind_says_how_often_how_often_at_best_and_why_not_oftener() -> None:
    slowed, once = spending("metrics", 300, why="the budget"), spending("history", 86_400, 86_400, usd=0.1)
    rows = [[cell.text for cell in row.cells] for row in cost_words.kinds((once, slowed), SIGNS)]
    assert rows == [
        ["metrics", "1,200", "5m", "1m", "$1.00", "the budget"],
        ["history", "1,200", "—", "—", "$0.1000", ""],
    ]


def test_collectors_are_summed_over_their_targets() -> None:
    def asked(target: str, usd: float) -> CollectorState:
        told = {"name": "cloudwatch", "target": target, "state": "ok", "requests": 3, "metrics": 1000, "usd": usd}
        return CollectorState.model_validate(told)

    rows = cost_words.askers((asked("a", 0.5), asked("b", 0.75)))
    assert [[cell.text for cell in row.cells] for row in rows] == [["cloudwatch", "6", "2,000", "$1.25"]]


async def test_the_sixth_screen_is_that_of_the_cost(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("6")
        text = await seen.until(lambda text: "COLLECTOR" in text and "REQUESTS" in text)
        assert "Prices are the profile's" in text
