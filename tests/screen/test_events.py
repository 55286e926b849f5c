"""The events screen: one list over the estate, in order, filtered like everything else, each to be read to its end."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

from collectors.readings import Happened, ResourceId, Severity
from collectors.safe import Safe
from console.protocol.bodies import Event
from console.screen import event_list
from console.screen.picture import Picture
from console.screen.values import SIGNS
from tests.rig.played import MOMENT, PLAYED
from tests.rig.stage import Seen, screen

NOW = 1_773_223_200_000
LONG = "The free storage capacity is low " + "and it is said at length " * 8 + "to its end"
ORDERS, BILLING = ResourceId(Safe("orders-primary")), ResourceId(Safe("billing"))


def event(t: int, text: str, severity: str = "info", resource: str | None = "orders") -> Event:
    told: dict[str, Any] = {"t": t, "text": text, "severity": severity, "resource": resource, "source": "rds"}
    return Event.model_validate(told)


FIRST, SECOND, THIRD = event(1_000, "one"), event(3_000, "two", "high"), event(2_000, "three", "warning", None)


def test_they_stand_in_the_order_in_which_they_happened_and_not_in_which_they_were_told() -> None:
    assert event_list.chosen((FIRST, SECOND, THIRD), Severity.INFO, None, "") == (SECOND, THIRD, FIRST)


def test_only_the_graver_ones_where_that_is_wanted() -> None:
    assert event_list.chosen((FIRST, SECOND, THIRD), Severity.WARNING, None, "") == (SECOND, THIRD)
    assert event_list.chosen((FIRST, SECOND, THIRD), Severity.HIGH, None, "") == (SECOND,)


def test_the_filter_leaves_those_of_its_resources_and_those_that_say_it_themselves() -> None:
    assert event_list.chosen((FIRST, THIRD), Severity.INFO, frozenset({"orders"}), "ord") == (FIRST,)
    assert event_list.chosen((FIRST, THIRD), Severity.INFO, frozenset(), "THREE rds") == (THIRD,)


def test_each_row_has_a_key_of_its_own_that_names_its_resource() -> None:
    rows = event_list.rows((FIRST, FIRST, THIRD), NOW, UTC, SIGNS)
    assert len({row.key for row in rows}) == 3
    assert [event_list.resource_of(row.key) for row in rows] == ["orders", "orders", None]


def test_why_there_is_none_is_said() -> None:
    nothing = Picture("joining", 1.0, None, None, None, None, {}, {})
    assert event_list.why_empty(nothing, 0) == "Waiting for the engine."
    assert "s and Esc on 1 show more" in event_list.why_empty(nothing, 3)


async def tell(seen: Seen) -> None:
    """Three things happen to the estate."""
    at = MOMENT + PLAYED
    for number, (about, text, severity) in enumerate(
        (
            (ORDERS, "Parameter group changed", Severity.INFO),
            (
                BILLING,
                "The free storage capacity is low " + "and it is said at length " * 8 + "to its end",
                Severity.WARNING,
            ),
            (ORDERS, "Multi-AZ failover started", Severity.HIGH),
        )
    ):
        seen.engine.core.teller.happened(
            Happened(about, at + timedelta(seconds=number), Safe(text), severity, Safe("rds"))
        )
    seen.engine.say()


async def test_the_estates_events_are_listed_and_read_to_their_end(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await tell(seen)
        await seen.press("4")
        text = await seen.until(lambda text: "Multi-AZ failover started" in text)
        assert text.index("Multi-AZ failover") < text.index("The free storage") < text.index("Parameter group")
        await seen.press("j")
        await seen.until(lambda text: "to its end" in text)
        await seen.press("o")
        text = await seen.until(lambda text: "oldest first" in text)
        assert text.index("Parameter group") < text.index("Multi-AZ failover")
        await seen.press("s", "s")
        await seen.until(lambda text: "from high on" in text and "Parameter group" not in text)


async def test_enter_goes_to_the_resource_and_the_filter_holds_here_too(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await tell(seen)
        await seen.press("slash", *"billing", "enter", "4")
        await seen.until(lambda text: "newest first: 1 of" in text and "Multi-AZ" not in text)
        await seen.press("enter")
        await seen.until(lambda text: text.split("\n")[1].startswith(" billing"))
