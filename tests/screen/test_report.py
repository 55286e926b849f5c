"""The situation report: ten lines at most, and nothing in them that the screen does not know."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

from collectors.safe import Safe
from console.protocol.bodies import Event
from console.protocol.meta import Meta
from console.protocol.res import Res
from console.protocol.status import CollectorState, Status
from console.protocol.together import Presence
from console.screen.picture import Picture
from console.screen.report import Joining, report
from tests.rig.stage import screen
from widgets.bar import Bar

NOW = 1_773_223_200_000  # 2026-03-11T10:00:00Z
MINUTE = 60_000
JOINING = Joining("/run/dbconsole/shop/view.sock", "bastion")
META = Meta(schema_version=1, started=NOW - MINUTE, version=Safe("1"), estate=Safe("shop"), mode="live")


def res(**more: Any) -> Res:
    told = {
        "kind": "instance",
        "engine": "sqlserver-se",
        "role": "primary",
        "status": "available",
        "az": "eu-west-1a",
        "region": "eu-west-1",
        "account": "1",
        "seen": NOW,
    }
    return Res.model_validate(told | more)


def burst(value: float) -> dict[str, Any]:
    return {"cloudwatch.BurstBalance": {"v": value, "t": NOW - MINUTE, "u": "Percent", "b": "critical"}}


SICK = res(level="critical", why=("BurstBalance under 5.0%",), since=NOW - 12 * MINUTE, values=burst(3.2))


def event(minutes_ago: int, text: str, source: str = "rds", resource: str | None = "orders") -> Event:
    return Event.model_validate({"resource": resource, "text": text, "source": source, "t": NOW - minutes_ago * MINUTE})


def picture(**more: Any) -> Picture:
    told: dict[str, Any] = {
        "orders": SICK,
        "billing": res(level="high", why=("CPUUtilization over 85%",)),
        "carts": res(),
    }
    status = more.pop("status", Status(online=True))
    return Picture("live", 5.0, NOW, 0.0, META, status, told, {}, **more)


def test_it_says_what_since_when_why_and_how_to_look() -> None:
    lines = report(picture(presence={"anna": Presence(user=Safe("anna"), role="view", since=NOW)}), JOINING, UTC)
    assert lines == (
        "shop at 2026-03-11 10:00:00Z: 1 critical, 1 high of 3 resources",
        "orders (sqlserver-se, primary, eu-west-1a) is CRITICAL: BurstBalance under 5.0%",
        "Since: 09:48:00Z (12m)",
        "Evidence: BurstBalance 3.2% (1m old)",
        "Changes in the 30m before: no event is known",
        "Also: billing high: CPUUtilization over 85%",
        "Actions: none was begun here",
        "Watching: anna (read-only)",
        "Join: ssh -t bastion dbconsole view /run/dbconsole/shop/view.sock",
    )


def test_what_changed_before_it_is_told_in_its_order_and_not_what_this_console_concluded() -> None:
    events = (
        event(20, "Parameter group changed."),
        event(13, "Applied modification to instance class"),
        event(14, "warning: CPU over 80%", source="dbconsole"),
        event(50, "Backup finished"),
        event(15, "Something of another", resource="billing"),
    )
    lines = report(picture(events=events), JOINING, UTC)
    told = "Changes before: 09:40:00 Parameter group changed; 09:47:00 Applied modification to instance class"
    assert told in lines


def test_what_could_not_be_seen_is_said() -> None:
    denied = CollectorState(name=Safe("waits"), target=Safe("orders"), state="denied")
    lines = report(picture(status=Status(online=True, collectors=(denied,))), JOINING, UTC)
    assert lines[-1] == "Not known: waits of orders is denied"
    assert len(lines) <= 10


def test_of_the_one_that_is_looked_at_it_tells_even_if_it_is_well() -> None:
    lines = report(picture(), JOINING, UTC, Safe("carts"))
    assert lines[1] == "carts (sqlserver-se, primary, eu-west-1a): available, within its bounds"
    assert any(line.startswith("Also: orders critical") for line in lines)


def test_before_anybody_spoke_it_says_so() -> None:
    nothing = Picture("joining", 1.0, None, None, None, None, {}, {})
    assert report(nothing, JOINING, UTC) == ("Nothing is known yet: no engine has spoken.",)


async def test_y_shows_it_sends_it_to_the_clipboard_and_writes_it(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await seen.press("y")
        text = await seen.until(lambda text: "Situation report" in text and "Written to" in text)
        assert "resources" in text
        assert seen.app.clipboard.startswith("resilient-database (DEMO) at 2026-03-11")
        await seen.press("escape")
        await seen.until(lambda text: "RESOURCE" in text)


async def test_one_that_is_closed_before_it_was_drawn_or_is_resized_when_it_goes_is_no_harm(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        for size in ((100, 30), (80, 24)):
            await seen.burst("y", "escape", "y", "q", "y")
            await seen.until(lambda text: "Situation report" in text)
            shown = seen.app.screen
            await shown.query(Bar).remove()
            await seen.pilot.resize_terminal(*size)
            await seen.press("escape")
            await seen.until(lambda text: "Situation report" not in text)


async def test_a_viewer_gets_it_in_the_clipboard_and_nothing_on_the_disk(tmp_path: Path) -> None:
    async with screen(tmp_path, mode="view") as seen:
        await seen.press("y")
        await seen.until(lambda text: "a viewer keeps nothing on this host" in text)
        assert "Join: ssh -t" in seen.app.clipboard
