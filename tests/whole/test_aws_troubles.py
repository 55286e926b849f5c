"""Whatever one source does, the others stay live, the screen says what fails and why, and it heals by itself."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.demo.databases import DemoDatabases
from console.play import Moment, play
from console.profile_errors import profile_of
from console.protocol.status import CollectorState
from console.specs import Play
from tests.rig.battery import battery

START = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)
EXPECTED = {
    "throttle": ("failing", "asked too often"),
    "expired-token": ("failing", "no longer good"),
    "access-denied": ("denied", "may not ask"),
    "refuse": ("failing", "was not answered"),
    "drop": ("failing", "was not answered"),
    "hang": ("late", "no answer in time"),
}
AWS = ("inventory", "cloudwatch", "events", "alarms", "backups")
TOGETHER = {"cloudwatch": ("cloudwatch", "cloudwatch-history"), "inventory": ("inventory", "backups")}
KINDS = tuple(kind for kind in EXPECTED if kind != "hang")
EACH = range(battery(1, most=len(KINDS)))  # kinds of faults for each collector, and as many collectors for each kind
CASES = [(collector, KINDS[(place + 2 * step) % len(KINDS)]) for place, collector in enumerate(AWS) for step in EACH]


@pytest.fixture(autouse=True)
def aws_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes on inside databases is not asked: it would be most of each play, and is none of this."""

    async def nothing_begins(_: DemoDatabases) -> None:
        pass

    monkeypatch.setattr(DemoDatabases, "begin", nothing_begins)


async def played(folder: Path, text: str, seconds: int, estate: str = "resilient-database") -> Moment:
    path = folder / "trouble.toml"
    path.write_text(f'name = "trouble"\nestate = "{estate}"\n{text}', encoding="utf-8")
    demo = Play(str(path), 1, 12, START, time.monotonic(), 1.0)
    return await play(profile_of(estate), demo, timedelta(seconds=seconds), None)


def states(moment: Moment) -> dict[tuple[str, str], CollectorState]:
    assert moment.mirror.status is not None
    return {(c.name, c.target): c for c in moment.mirror.status.collectors}


def strikes(collector: str, kind: str) -> str:
    return f'[[at]]\nseconds = 70\nfault = "{kind}"\ncollector = "{collector}"\n'


def struck_by(collector: str) -> tuple[str, ...]:
    """Both collectors of metrics ask the same of AWS; how instances are backed up is part of their description."""
    return TOGETHER.get(collector, (collector,))


@pytest.mark.parametrize(("collector", "kind"), [*CASES, ("events", "hang")])
async def test_a_fault_is_told_with_its_remedy_and_everybody_else_stays_live(
    collector: str, kind: str, tmp_path: Path
) -> None:
    moment = await played(tmp_path, strikes(collector, kind), 190)
    state, words = EXPECTED[kind]
    for (name, target), told in states(moment).items():
        if name == collector:
            assert told.state == state, told
            assert words in (told.error or ""), told
            assert told.mend or kind == "hang"
            assert told.since is not None
            assert told.since >= moment.now_ms - 140_000
            assert (told.grant is not None) == (kind == "access-denied")
        elif name not in struck_by(collector):
            assert told.state == "ok", (name, target, told)
            assert told.last is not None
            assert told.every_s is not None
            assert moment.now_ms - told.last <= 1000 * (told.every_s + 6), (name, target)


@pytest.mark.parametrize("kind", ["throttle", "access-denied", "refuse"][: battery(1, most=3)])
async def test_when_the_fault_has_gone_the_collector_heals_by_itself_and_its_breaker_closes(
    kind: str, tmp_path: Path
) -> None:
    healed = strikes("alarms", kind) + '[[at]]\nseconds = 400\nclear = ["alarms"]\n'
    moment = await played(tmp_path, healed, 800)
    alarms = states(moment)["alarms", "eu-west-1.default"]
    assert (alarms.state, alarms.breaker, alarms.error) == ("ok", "closed", None)


async def test_expired_credentials_keep_the_last_data_aged_and_name_the_command(tmp_path: Path) -> None:
    moment = await played(tmp_path, '[[at]]\nseconds = 100\nfault = "expired-token"\n', 900)
    told = states(moment)
    assert "aws " in (told["inventory", "eu-west-1.default"].mend or "")
    orders = moment.mirror.resources[next(name for name in moment.mirror.resources if name == "orders-primary")]
    cpu = next(value for name, value in orders.values.items() if name == "cloudwatch.CPUUtilization")
    assert cpu.v is not None
    assert cpu.s == "error"
    assert moment.now_ms - cpu.t > 600_000


async def test_one_resource_whose_metrics_may_not_be_read_leaves_the_others_theirs(tmp_path: Path) -> None:
    text = '[[at]]\nseconds = 70\nresource = "billing"\nfault = "access-denied"\ncollector = "cloudwatch"\n'
    moment = await played(tmp_path, text, 400)
    told = states(moment)["cloudwatch", "eu-west-1.default"]
    assert told.grant == "cloudwatch:GetMetricData"
    customers = moment.mirror.resources[next(name for name in moment.mirror.resources if name == "customers")]
    cpu = next(value for name, value in customers.values.items() if name == "cloudwatch.CPUUtilization")
    assert moment.now_ms - cpu.t < 360_000


async def test_what_vanishes_is_gone_and_what_appears_is_there_with_its_metrics(tmp_path: Path) -> None:
    text = (
        '[[at]]\nseconds = 30\nresource = "reporting"\ncause = "instance-gone"\n'
        '[[at]]\nseconds = 40\nresource = "customers"\ncause = "instance-created"\n'
    )
    moment = await played(tmp_path, text, 500)
    assert "reporting" not in moment.mirror.resources
    customers = moment.mirror.resources[next(name for name in moment.mirror.resources if name == "customers")]
    assert customers.status == "available"
    assert any(name == "cloudwatch.CPUUtilization" and value.v for name, value in customers.values.items())


async def test_a_cause_is_seen_as_a_level_with_its_reason_and_goes_again(tmp_path: Path) -> None:
    text = '[[at]]\nseconds = 30\nresource = "billing"\ncause = "cpu-saturation"\n'
    sick = await played(tmp_path, text, 500)
    billing = sick.mirror.resources[next(name for name in sick.mirror.resources if name == "billing")]
    assert billing.level in ("critical", "high")
    assert any("CPUUtilization over" in why for why in billing.why)
    well = await played(tmp_path, text + '[[at]]\nseconds = 300\nresource = "billing"\nclear = true\n', 800)
    assert all(res.level not in ("critical", "high") for res in well.mirror.resources.values())
