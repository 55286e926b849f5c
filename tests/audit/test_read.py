"""What was done is read again in order, whichever processes wrote it and however they ended."""

from __future__ import annotations

import heapq
from datetime import timedelta
from pathlib import Path

import pytest

from console.audit.folder import CannotRead
from console.audit.read import last_of_ops, records
from console.audit.record import Event
from console.audit.told import told
from tests.audit.keeping import BEGIN, kept, segments
from tests.audit.test_trail import Disk

HOUR = timedelta(hours=1)


@pytest.fixture
def handed_over(tmp_path: Path) -> Path:
    """One process sends and dies, another takes over while a third does something else."""
    path = tmp_path / "audit"
    with kept(path) as first:
        first.write(Event.INTENT, op="A", act="rds.snapshot")
        first.write(Event.SENT, op="A")
        first.write(Event.SENT, op="B")
    (file,) = segments(path)
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-2]) + b'{"act":')
    with kept(path, session="S2", begin=BEGIN + HOUR) as second:
        second.write(Event.HANDED_OVER, op="A", data={"from": "alice", "to": "bob"})
        with kept(path, session="S3", begin=BEGIN + 2 * HOUR) as third:
            third.write(Event.INTENT, op="C")
        second.write(Event.DONE, op="A")
    return path


def test_each_action_has_all_its_records_in_order_across_processes(handed_over: Path) -> None:
    found = last_of_ops(handed_over)
    assert {op: [record.ev for record in each] for op, each in found.items()} == {
        "A": ["INTENT", "SENT", "HANDED_OVER", "DONE"],
        "B": ["SENT"],
        "C": ["INTENT"],
    }
    assert [record.sess for record in found["A"]] == ["S1", "S1", "S2", "S2"]
    assert all(record.is_whole for each in found.values() for record in each)


def test_records_come_by_time_whoever_wrote_them(handed_over: Path) -> None:
    found = list(records(handed_over))
    times = [record.ts for record in found if record.ev != "RECOVERED"]  # which stands before what waited for it
    assert times == sorted(times)
    assert len(found) == 4 + 6 + 4
    for session in ("S1", "S2", "S3"):
        assert [record.seq for record in found if record.sess == session] == list(range(6 if session == "S2" else 4))


def test_one_action_or_one_time_alone(handed_over: Path) -> None:
    assert [record.ev for record in records(handed_over, op="B")] == ["SENT"]
    since, until = BEGIN + HOUR, BEGIN + 2 * HOUR
    found = list(records(handed_over, since=since, until=until))
    assert {record.sess for record in found} == {"S2"}
    assert all(since <= record.at < until for record in found)
    assert list(last_of_ops(handed_over, since=BEGIN + 2 * HOUR)) == ["C"]


def test_segments_are_open_only_while_they_have_something_to_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "audit"
    for day in range(30):
        with kept(path, session=f"S{day}", begin=BEGIN + timedelta(days=day)) as trail:
            trail.write(Event.NOTE)
    most = 0
    real = heapq.heappush

    def counted(heap: list[object], item: object) -> None:
        nonlocal most
        real(heap, item)  # type: ignore[type-var]
        most = max(most, len(heap))

    monkeypatch.setattr(heapq, "heappush", counted)
    assert len(list(records(path))) == 30 * 4
    assert most <= 2


def test_what_was_written_again_after_an_error_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch)
    with kept(tmp_path / "audit") as trail:
        trail.write(Event.NOTE, op="A", data={"n": 1})
        disk.syncs = 1
        trail.write(Event.SENT, op="A")
    assert [record.ev for record in records(tmp_path / "audit", op="A")] == ["NOTE", "SENT"]


def test_what_was_too_long_for_a_line_is_there_again(tmp_path: Path) -> None:
    long = {"seen": "x" * 40_000, "name": "\x1b[31m"}
    with kept(tmp_path / "audit") as trail:
        trail.write(Event.CHECK, op="A", data=long)
    (found,) = records(tmp_path / "audit", op="A")
    assert found.data == long
    assert found.is_whole


def test_a_record_that_was_changed_is_told_and_says_so(handed_over: Path) -> None:
    file = segments(handed_over)[-1]
    file.write_bytes(file.read_bytes().replace(b'"op":"C"', b'"op":"D"'))
    (found,) = records(handed_over, op="D")
    assert not found.is_whole
    assert told(found, is_whole=found.is_whole).outcome.startswith("✗ hash is wrong")


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(CannotRead):
        list(records(tmp_path / "nowhere"))


def test_a_line_for_a_person_has_nothing_that_acts_on_a_terminal(tmp_path: Path) -> None:
    hostile = "\x1b]52;c;aGk=\x07\u202e\x9b31m[red]"
    with kept(tmp_path / "audit") as trail:
        data = {"reason": hostile, hostile: [hostile, {"x": hostile}], "ok": True}
        record = trail.write(Event.SENT, op=hostile, act=hostile, res=f"arn:x:{hostile}", data=data)
    for cell in told(record, is_whole=True).cells():
        assert cell.isprintable()
    assert told(record, is_whole=True).who == "alice (operator)"
    assert told(record, is_whole=True).time == f"2026-11-21 {record.ts[11:19]}Z"
