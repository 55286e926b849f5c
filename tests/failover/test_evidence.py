"""Each knock is a row on disk that a spreadsheet reads; a failover that never ends fills no disk."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from collectors.knock.knock import Knock
from collectors.safe import Safe
from console.failover import evidence
from tests.failover.given import DARK, OPEN, at, knock


def test_rows_are_appended_under_one_head_and_read_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    odd = Knock(at(2), at(2.5), DARK, Safe('it said "no", and\u2424 more'), may_log_in=False)
    evidence.append(path, "failover 01J of orders", [knock(1, OPEN)])
    evidence.append(path, "failover 01J of orders", [odd])
    head, *lines = path.read_text().splitlines()
    assert head == "# dbconsole knocks, format 1: failover 01J of orders"
    rows = list(csv.DictReader(lines))
    assert [(row["door"], row["node"], row["said"]) for row in rows] == [("open", "node-a", ""), ("dark", "", odd.said)]
    assert rows[0]["began"] == "2026-11-22T03:00:01.000+00:00"
    assert path.stat().st_mode & 0o777 == 0o600


def test_it_stops_at_its_bound_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "one.csv"
    monkeypatch.setattr(evidence, "MOST_BYTES", 2_000)
    for n in range(200):
        evidence.append(path, "endless", [knock(n, DARK)])
    assert path.read_text().count("# full: later knocks are not kept") == 1
    assert path.stat().st_size < 2_200


def test_nothing_is_written_through_somebody_else_s_link(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("theirs")
    os.symlink(other, tmp_path / "one.csv")
    with pytest.raises(OSError, match="symbolic"):
        evidence.append(tmp_path / "one.csv", "x", [knock(1, OPEN)])
    assert other.read_text() == "theirs"
