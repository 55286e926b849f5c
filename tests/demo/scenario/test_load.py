"""A scenario's file is right, or a line says where it is not and what would be."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collectors.errors import Trouble
from collectors.readings import ResourceId
from collectors.safe import Safe
from console.demo.inventory import MACHINES
from console.demo.played import model_of
from console.demo.scenario.load import SHIPPED, Loaded, listing, load

HEAD = 'name = "mine"\nestate = "resilient-database"\n'
THERE = {machine.id: machine for machine in MACHINES}


def loaded(folder: Path, text: str) -> Loaded:
    path = folder / "mine.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load(str(path))


def entry(folder: Path, text: str) -> Loaded:
    return loaded(folder, f'[[at]]\nseconds = 30\nresource = "billing"\n{text}\n')


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_what_is_shipped_can_be_played(path: Path) -> None:
    one = load(path.stem)
    assert one.name == path.stem
    assert one.title
    assert not one.script(0.0, THERE).is_empty


def test_a_scenario_plays_in_the_estate_that_it_names(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    entry = '[[at]]\nseconds = 9\nresource = "shop"\ncause = "cpu-saturation"'
    path.write_text(f'name = "mine"\nestate = "database-architect"\n{entry}', encoding="utf-8")
    started = datetime(2026, 3, 11, 10, tzinfo=UTC)
    model = model_of(str(path), seed=1, size=None, start=started)
    shop = ResourceId(Safe("shop"))
    assert len(model.machines) == 10
    assert model.metrics(shop, started.timestamp() + 300)["CPUUtilization"] == pytest.approx(99.2)
    path.write_text(f"{HEAD}{entry}", encoding="utf-8")
    with pytest.raises(Trouble, match="there is no 'shop'"):
        load(str(path))


def test_the_list_names_estates_and_scenarios() -> None:
    kinds = {each.name: each.kind for each in listing()}
    assert kinds["resilient-database"] == kinds["database-architect"] == "estate"
    assert sum(kind == "scenario" for kind in kinds.values()) >= 3


def test_it_lasts_five_minutes_longer_than_its_last_entry_or_as_it_says(tmp_path: Path) -> None:
    assert entry(tmp_path, 'event = "x"').seconds == 330
    text = 'lasts_seconds = 77\n[[at]]\nseconds = 30\nresource = "billing"\nevent = "x"\n'
    assert loaded(tmp_path, text).seconds == 77


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ('set = { "cloudwatch.CPUUtilisation" = 4 }', "entry 1, set", "cloudwatch.CPUUtilization"),
        ('set = { "cloudwatch.Evictions" = 4 }', "entry 1, set", "AWS/RDS has no metric"),
        ('set = { "postgres.deadlocks_per_s" = 4 }', "entry 1, set", "no collector yet"),
        ('set = { "database.billing.suspect_pages" = 4 }', "entry 1, set", "no collector yet"),
        ('set = { "counter.Batch Request/sec" = 4 }', "entry 1, set", "Batch Requests/sec"),
        ('set = { "file.billing_lgo.read_ms" = 4 }', "billing has no file 'billing_lgo'", "file.billing_log.read_ms"),
        ('set = { "database.orders.state_desc" = "SUSPECT" }', "billing has no database 'orders'", ""),
        ('set = { "database.billing.state_desc" = 4 }', "state_desc: is no text", "4"),
        ('set = { "file.billing_log.write_ms" = "slow" }', "write_ms: is not a number", "'slow'"),
        ('set = { "cloudwatch.CPUUtilization" = "high" }', "CPUUtilization: is not a number", "'high'"),
        ('set = { "cloudwatch.CPUUtilization" = { to = 4 } }', "CPUUtilization", "{ to, over, from }"),
        ('cause = "gremlins"', "entry 1, cause", "log-write-throttle"),
        ('cause = "cache-memory-pressure"', "does not happen to billing", "cpu-saturation"),
        ('fault = "explode"', "entry 1, fault", "hang"),
        ('fault = "hang"\ncollector = "metrics"', "entry 1, collector", "inventory"),
        ('collector = "events"\nclear = true', "entry 1", "goes with a fault"),
        ('cause = "replica-behind"', "has not a source whose writes it applies", "What can: log-write-throttle"),
        ('clear = ["wait.WRITLOG", "cpu-saturatoin"]', "entry 1, clear: 'cpu-saturatoin'", "cpu-saturation"),
        ('set = { "api.DBInstanceStatuss" = "x" }', "no describe call of billing", "api.DBInstanceStatus"),
        ('set = { "api.AllocatedStorage" = "big" }', "api.AllocatedStorage: must be a whole number", "'big'"),
        ('set = { "api.Iops" = 3000.5 }', "api.Iops: must be a whole number", "3000.5"),
        ('set = { "api.Iops" = inf }', "api.Iops", "is neither"),
        ('set = { "api.MultiAZ" = 1 }', "api.MultiAZ: must be true or false", "1"),
        ('set = { "api.LatestRestorableTime" = "noon" }', "LatestRestorableTime: must be a time", "@now-3h"),
        ('set = { "api.StatusInfos" = [{ Statu = "x" }] }', "StatusInfos", "and no Statu"),
        ('set = { "api.StatusInfos" = [{ Normal = "x" }] }', "StatusInfos", "Normal must be true or false"),
        ('set = { "api.MaxAllocatedStorage" = { times = 2 } }', "no usual value", "AllocatedStorage"),
        ('set = { "api.StorageType" = { to = 2, over = 3, from = 1 } }', "StorageType", "nothing that moves"),
        ('set = { "backup.last_snapshot" = 7 }', "backup.last_snapshot: is no time", "@now-3h"),
        ('set = { "pgbouncer.app.cl_waiting" = 7 }', "entry 1, set", "no collector yet"),
        ('set = { "replica.is_suspended" = 7 }', "is_suspended: is neither true nor false", "7"),
        ('set = { "replica.is_suspended" = { times = 2 } }', "is_suspended: is neither true nor false", ""),
        ('set = { "replica.suspend_reason_desc" = true }', "suspend_reason_desc: is no text", "True"),
        ('set = { "database.billing.is_log_chain_broken" = "yes" }', "is neither true nor false", "'yes'"),
        ('deployment = "v2"', "entry 1, deployment", "no collector yet"),
        ("", "entry 1", "says nothing that happens"),
        ('evnt = "x"', "entry 1, evnt", "did you mean event?"),
    ],
)
def test_what_is_wrong_in_an_entry_is_named_with_what_is_allowed(
    text: str, place: str, remedy: str, tmp_path: Path
) -> None:
    with pytest.raises(Trouble) as wrong:
        entry(tmp_path, text)
    line = wrong.value.line()
    assert "mine.toml" in line
    assert place in line
    assert remedy in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[at]]\nseconds = 3\nresource = "carts"\nevent = "x"', "AWS tells no events of one"),
        ('[[at]]\nseconds = 3\nresource = "reporting"\ncause = "failover"', "it has not a standby"),
        ('[[at]]\nseconds = 3\nresource = "catalogue-1"\ncause = "storage-filling"', "not a volume of its own"),
        ('[[at]]\nseconds = 3\nresource = "orders-replica-1"\nset = { "backup.last_snapshot" = "@now" }', "backed up"),
        ('[[at]]\nseconds = 3\nresource = "sessions-001"\nset = { "wait.WRITELOG" = 3 }', "counts no waits"),
        ('[[at]]\nseconds = 3\nresource = "biling"\nclear = true', "billing"),
        ("[[at]]\nseconds = -90000\nclear = true", "seconds"),
        ('[[at]]\nseconds = 3\nevent = "x"', "needs a resource"),
        ("at = 7", "at"),
        ("[[at]\n", "not TOML"),
        ("title = 7", "title"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_too(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"mine\.toml") as wrong:
        loaded(tmp_path, text)
    assert said in wrong.value.line()


@pytest.mark.parametrize("name", ["log-volume-throtled", "nothing", "", "missing.toml", "/", "a/b\0c"])
def test_a_name_that_is_none_is_told_with_those_that_are(name: str) -> None:
    with pytest.raises(Trouble) as wrong:
        load(name)
    assert wrong.value.mend


BITS = ('"', "=", "[", "9" * 9, "nan", "x", "\n", "{", "-", "é", "\0")


FIELDS = """name = "fields"
estate = "resilient-database"
[[at]]
seconds = 30
resource = "billing"
set."api.LatestRestorableTime" = "@now-3h"
set."api.Iops" = { to = 9, over = 60 }
set."backup.last_snapshot" = 2026-01-31 12:00:00
[[at]]
seconds = 40
resource = "orders-replica-1"
set = { "api.StatusInfos" = [{ Status = "error", Normal = false }], "replica.secondary_lag_seconds" = { times = 3 } }
clear = ["wait.WRITELOG", "cpu-saturation"]
"""


def line_of(path: Path) -> str | None:
    """What is said of a file that is wrong."""
    try:
        load(str(path))
    except Trouble as wrong:
        return wrong.line()
    return None


def test_a_thousand_edits_are_a_scenario_or_a_line(tmp_path: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(SHIPPED.glob("*.toml"))]
    texts.append(FIELDS)
    path = tmp_path / "edited.toml"
    path.write_text(FIELDS, encoding="utf-8")
    assert line_of(path) is None
    chance, lines = random.Random(7), []
    for _ in range(1000):
        text = list(chance.choice(texts))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(text))
            text[at : at + chance.randint(0, 6)] = chance.choice(BITS)
        path.write_text("".join(text), encoding="utf-8")
        lines.append(line_of(path))
    refused = [line for line in lines if line is not None]
    assert len(refused) > 300
    assert len(set(refused)) > 200
    assert all("edited.toml" in line and "\n" not in line for line in refused)
