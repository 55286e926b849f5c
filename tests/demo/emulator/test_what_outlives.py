"""What was done outlives the emulator that did it, where it is given a ledger: for the same run and no other."""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from console.demo.emulator import launch
from console.demo.emulator.journal import Journal
from console.demo.emulator.ledger import Done, Ledger
from console.demo.lifecycle import cluster_failover
from console.demo.model import Model
from tests.demo.emulator.cloudwatch_answering import named
from tests.demo.emulator.emulating import code
from tests.demo.emulator.test_emulator_process import until
from tests.rig.emulated import START, Emulated, emulated

T = START.timestamp()


def names(world: Emulated) -> list[str]:
    told = world.client("rds").describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    return sorted(each["DBSnapshotIdentifier"] for each in told)


def take(world: Emulated, name: str, of: str = "billing") -> None:
    tags = [{"Key": "op_id", "Value": name}]
    rds = world.client("rds", "dbconsole-operator")
    rds.create_db_snapshot(DBSnapshotIdentifier=name, DBInstanceIdentifier=of, Tags=tags)


def test_the_next_emulator_of_the_run_goes_on(tmp_path: Path) -> None:
    ledger = tmp_path / "emulator.ledger"
    with emulated(ledger=ledger) as world:
        take(world, "begun")
        before = world.client("rds").describe_db_snapshots(DBSnapshotIdentifier="begun")["DBSnapshots"][0]
        world.kill()
    with emulated(ledger=ledger, play=world.play) as world:
        after = world.client("rds").describe_db_snapshots(DBSnapshotIdentifier="begun")["DBSnapshots"][0]
        assert after["SnapshotCreateTime"] == before["SnapshotCreateTime"]
        assert after["TagList"] == [{"Key": "op_id", "Value": "begun"}]
        with pytest.raises(ClientError) as caught:
            take(world, "begun", "customers")
        assert code(caught.value) == "DBSnapshotAlreadyExists"


def test_the_trail_goes_on_too(tmp_path: Path) -> None:
    ledger = tmp_path / "emulator.ledger"
    with emulated(ledger=ledger) as world:
        take(world, "begun")
    with emulated(ledger=ledger, start=START + timedelta(minutes=10)) as world:
        trail = world.client("cloudtrail")
        asked = [{"AttributeKey": "ResourceName", "AttributeValue": "begun"}]
        (event,) = trail.lookup_events(LookupAttributes=asked, StartTime=START - timedelta(hours=1))["Events"]
        assert json.loads(event["CloudTrailEvent"])["requestParameters"]["dBSnapshotIdentifier"] == "begun"


def test_another_run_begins_anew(tmp_path: Path) -> None:
    ledger = tmp_path / "emulator.ledger"
    with emulated(ledger=ledger, run="one") as world:
        take(world, "begun")
    with emulated(ledger=ledger, run="two", play=world.play) as world:
        assert names(world) == []
        take(world, "other")
    with emulated(ledger=ledger, run="two", play=world.play) as world:
        assert names(world) == ["other"]


def test_a_last_line_that_was_not_finished_is_not_there(tmp_path: Path) -> None:
    ledger = tmp_path / "emulator.ledger"
    with emulated(ledger=ledger) as world:
        take(world, "whole")
    with ledger.open("ab") as file:
        file.write(b'{"kind": "done", "entry": {"t": 1')
    with emulated(ledger=ledger, play=world.play) as world:
        assert names(world) == ["whole"]
        take(world, "after", "customers")
    with emulated(ledger=ledger, play=world.play) as world:
        assert names(world) == ["after", "whole"]


async def test_a_session_outlives_the_emulator_that_gave_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "PAUSES_S", (0.01,))
    with emulated(ledger=tmp_path / "emulator.ledger") as world:
        rds = await asyncio.to_thread(world.client, "rds", "dbconsole-operator")
        supervising = asyncio.create_task(world.emulator.supervise())
        pid = world.emulator.pid
        world.kill()
        await asyncio.to_thread(until, lambda: world.emulator.pid != pid)
        asked = {"DBSnapshotIdentifier": "later", "DBInstanceIdentifier": "billing"}
        await asyncio.to_thread(lambda: rds.create_db_snapshot(**asked))
        supervising.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await supervising


def test_a_ledger_is_for_nobody_else_to_read(tmp_path: Path) -> None:
    path = tmp_path / "emulator.ledger"
    Journal(path, "one").close()
    assert path.stat().st_mode & 0o777 == 0o600
    before, link = path.read_bytes(), tmp_path / "link"
    link.symlink_to(path)
    Journal(link, "one").enter("done", {"through": "a link"})
    assert path.read_bytes() == before


@pytest.mark.parametrize("nowhere", ["/proc/nowhere/emulator.ledger", "/dev/full"])
def test_where_nothing_can_be_kept_it_is_played_all_the_same(nowhere: str) -> None:
    journal = Journal(Path(nowhere), "one")
    journal.enter("done", {"kept": "nowhere"})
    journal.close()
    with emulated(ledger=Path(nowhere)) as world:
        take(world, "begun")
        assert names(world) == ["begun"]


def test_whatever_was_done_is_read_as_it_was_entered(tmp_path: Path) -> None:
    model, path = Model(1, T), tmp_path / "emulator.ledger"
    machine = model.machines[named("catalogue")]
    course = cluster_failover(machine, T, named("catalogue-1"), named("catalogue-2"), crosses=True)
    done = Done(T, machine, "FailoverDBCluster", course, named("catalogue-2"), "x", {"a": "b"}, group=True, work=1.5)
    journal = Journal(path, "one")
    Ledger(model, journal).enter(done)
    journal.close()
    assert list(Ledger(model, Journal(path, "one")).until(T)) == [done]


def test_no_two_write_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.demo.emulator.journal.WAITED_S", 0.05)
    path = tmp_path / "emulator.ledger"
    first = Journal(path, "one")
    with pytest.raises(BlockingIOError):
        Journal(path, "one")
    first.close()
    Journal(path, "one").close()


ENTRIES = st.lists(st.dictionaries(st.text(max_size=3), st.integers(-9, 9), max_size=2), max_size=6)


@given(ENTRIES, st.integers(0, 400))
def test_cut_anywhere_it_has_a_beginning_of_what_was_entered(
    tmp_path_factory: pytest.TempPathFactory, entries: list[dict[str, Any]], cut: int
) -> None:
    path = tmp_path_factory.mktemp("cut") / "ledger"
    journal = Journal(path, "one")
    for entry in entries:
        journal.enter("done", entry)
    journal.close()
    whole = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(min(cut, whole))
    again = Journal(path, "one")
    kept = list(again.before("done"))
    again.enter("done", {"last": 1})
    again.close()
    assert kept == entries[: len(kept)]
    assert cut < whole or kept == entries
    last = Journal(path, "one")
    assert list(last.before("done")) == [*kept, {"last": 1}]
    last.close()
