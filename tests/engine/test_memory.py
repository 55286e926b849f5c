"""What an engine knew is there after its death, as old as it is; what is not its own is left alone."""

from __future__ import annotations

import zlib
from pathlib import Path

import orjson
import pytest

from collectors.safe import Safe
from console.engine.memory import Memory
from console.estate.estate import Estate
from tests.estate.builders import CPU, ORDERS, START_MS, backup, described, metric, waits


def lived() -> Estate:
    estate = Estate()
    for reading in (described(), *(metric(60 * n, 40.0 + n) for n in range(30)), waits(0, WRITELOG=9.0), backup(0)):
        estate.fold(reading)
    return estate


def recalled(folder: Path, run: str = "run-1") -> Estate:
    estate = Estate()
    Memory(folder, run).recall(estate)
    return estate


def test_an_engine_that_died_goes_on_with_all_it_knew_at_the_times_it_knew_it(tmp_path: Path) -> None:
    Memory(tmp_path, "run-1").keep(lived())
    resource = recalled(tmp_path).resources[ORDERS]
    assert resource.latest[CPU].value == 69.0
    assert resource.latest[CPU].t == START_MS + 29 * 60_000
    assert len(resource.series[CPU]) == 30
    assert resource.latest[Safe("wait.WRITELOG")].group == "Tran Log IO"
    assert resource.backup is not None


def test_another_start_of_the_console_begins_anew(tmp_path: Path) -> None:
    Memory(tmp_path, "run-1").keep(lived())
    assert not recalled(tmp_path, "run-2").resources


def test_an_engine_without_a_past_has_none(tmp_path: Path) -> None:
    assert not recalled(tmp_path).resources


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not zlib",
        zlib.compress(b"{"),
        zlib.compress(b"[]"),
        zlib.compress(orjson.dumps({"format": 2, "run": "run-1", "resources": {}})),
        zlib.compress(orjson.dumps({"format": 1, "run": "run-1", "resources": {"a": {"res": 7}}})),
        zlib.compress(b"0" * (65 << 20)),
    ],
)
def test_a_memory_that_is_broken_or_of_another_format_costs_the_past_and_nothing_else(
    raw: bytes, tmp_path: Path
) -> None:
    (tmp_path / "estate.json.z").write_bytes(raw)
    assert not recalled(tmp_path).resources
    Memory(tmp_path, "run-1").keep(lived())
    assert recalled(tmp_path).resources


def test_a_place_that_cannot_be_written_costs_nothing_but_the_memory(tmp_path: Path) -> None:
    Memory(tmp_path / "missing", "run-1").keep(lived())
    assert not (tmp_path / "missing").exists()


def test_what_is_kept_is_for_its_user_alone(tmp_path: Path) -> None:
    Memory(tmp_path, "run-1").keep(lived())
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
