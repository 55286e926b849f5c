"""What an engine of the demo tells whoever joins, beside the values."""

from __future__ import annotations

from dataclasses import replace

from collectors.readings import Severity
from collectors.safe import Safe
from console.protocol.bodies import Event
from console.protocol.mirror import Mirror
from tests.engine.engines import Engines
from tests.rig.terminal import wait_until

CPU = "cloudwatch.CPUUtilization"
BILLING = Safe("billing")


async def test_whoever_joins_is_told_as_whom_it_looks_where_and_what_counts_as_grave(engines: Engines) -> None:
    engines.start()

    def is_told(mirror: Mirror) -> bool:
        return mirror.meta is not None and mirror.meta.caller is not None

    meta = (await engines.mirror_until(is_told)).meta
    assert meta is not None
    assert (meta.accounts, meta.caller, meta.regions) == (("111122223333",), "dbconsole-viewer", ("eu-west-1",))
    cpu = {t.severity: t.bound for t in meta.thresholds if t.value == CPU and t.kinds == ("instance",)}
    assert cpu == {"warning": 80, "high": 85, "critical": 95}


def turns(mirror: Mirror) -> list[Event]:
    return [event for event in mirror.events if event.source == "dbconsole" and event.resource == "billing"]


def since(mirror: Mirror) -> int | None:
    return mirror.resources[BILLING].since if BILLING in mirror.resources else None


async def test_who_joins_late_or_after_a_restart_hears_what_became_of_a_resource_once(engines: Engines) -> None:
    assert engines.spec.play is not None
    spec = replace(engines.spec, play=replace(engines.spec.play, scenario="log-volume-throttled"))
    engine = engines.start(spec)
    async with await engines.joined("control"):
        first = await engines.mirror_until(lambda mirror: bool(turns(mirror)) and since(mirror) is not None)
        told = turns(first)[0]
        assert told.severity is not Severity.INFO
        assert first.meta is not None
        assert first.meta.started < told.t
        assert first.meta.started < (since(first) or 0)
        late = await engines.mirror_until(lambda mirror: bool(turns(mirror)))
        assert turns(late)[0] == told
        assert engines.spec.state is not None
        wait_until((engines.spec.state / "events.kept").is_file, "what happened, on disk", 15)
    engine.kill()
    engine.wait()
    engines.start(spec)
    again = await engines.mirror_until(lambda mirror: BILLING in mirror.resources and bool(turns(mirror)))
    assert again.meta != first.meta
    assert [event for event in turns(again) if event.text == told.text] == [told]


async def test_the_demo_is_as_it_was_declared_as_far_as_can_be_seen(engines: Engines) -> None:
    engines.start()
    mirror = await engines.mirror_until(lambda mirror: len(mirror.resources) == 12)
    told = {
        (str(about), str(each.fact)): each.holds for about, res in mirror.resources.items() for each in res.declared
    }
    assert told["orders-primary", "multi_az"] is True
    assert told["carts", "encrypted"] is True
    assert told["sessions-001", "tls"] is True
    assert told["orders-primary", "tls"] is None
    assert False not in told.values()
    assert mirror.resources[BILLING].tags == {"app": "billing", "estate": "resilient-database"}
