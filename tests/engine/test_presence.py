"""Who watches is known to everybody who watches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from collectors.safe import Safe
from console.protocol.client import Client
from console.protocol.mirror import Mirror
from tests.engine.engines import Engines


async def heard(client: Client, screens: int) -> None:
    while sum(each.screens for each in client.mirror.presence.values()) != screens:
        await anext(client.changes())


async def test_each_screen_sees_the_others_come_and_go_and_who_asks_once_is_none(engines: Engines) -> None:
    engines.start()
    async with await engines.joined("control") as control:
        await heard(control, 1)
        async with await engines.joined("view") as view:
            await heard(control, 2)
            await heard(view, 2)
            (kim,) = view.mirror.presence.values()
            assert (kim.role, kim.screens) == ("control", 2)
            async with await engines.joined("once") as once:
                assert once.mirror.presence == view.mirror.presence
        await heard(control, 1)
        mirror: Mirror = control.mirror
        assert [each.role for each in mirror.presence.values()] == ["control"]


async def test_incident_and_notes_survive_an_engine_that_is_killed_and_are_in_the_audit(
    engines: Engines, tmp_path: Path
) -> None:
    engines.spec = replace(engines.spec, audit=tmp_path / "audit")
    killed = engines.start()
    async with await engines.joined("view") as view:
        assert (await view.request("incident", {"open": {"name": "orders slow", "severity": "high"}})).ok
        assert (await view.request("note", {"text": "log volume full", "resource": "orders-primary"})).ok
        killed.kill()
        killed.wait()
    engines.start()
    mirror = await engines.mirror_until(lambda mirror: bool(mirror.notes and mirror.incident))
    assert mirror.incident is not None
    assert (mirror.incident.name, mirror.incident.closed) == ("orders slow", None)
    (note,) = mirror.notes.values()
    assert (note.text, note.resource, note.incident) == ("log volume full", Safe("orders-primary"), mirror.incident.id)
    lines = [line for path in (tmp_path / "audit").rglob("*.jsonl") for line in path.read_text().splitlines()]
    told = [line for line in lines if '"ev":"NOTE"' in line]
    assert any("log volume full" in line for line in told)
    assert any("opened incident orders slow" in line for line in told)
