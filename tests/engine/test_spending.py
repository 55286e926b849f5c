"""What was spent today outlives the engine, and a broken file costs the past and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collectors.aws.meter import Meter
from collectors.aws.prices import Prices
from console.engine.spending import Spending
from profiles.pace import Cost

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)


def spending(folder: Path | None, budget: float = 1.0, at: datetime = NOON) -> tuple[Spending, Meter]:
    meter = Meter(Prices(), lambda: at)
    return Spending(meter, Cost(budget_usd_per_day=budget), folder), meter


def test_what_is_left_today_is_the_budget_without_what_was_spent() -> None:
    purse, meter = spending(None)
    assert purse.left_today() == 1.0
    meter.count("cloudwatch", "GetMetricData", 20_000)
    assert purse.left_today() == pytest.approx(0.8)
    meter.count("cloudwatch", "GetMetricData", 200_000)
    assert purse.left_today() == 0.0
    assert purse.told().usd_today == pytest.approx(2.2)
    assert purse.told().budget_usd == 1.0


def test_a_request_is_afforded_while_there_is_money_for_it() -> None:
    purse, meter = spending(None, budget=0.000035)
    assert purse.affords(3)
    assert not purse.affords(4)
    meter.count("cloudwatch", "DescribeAlarms")
    assert purse.affords(2)
    assert not purse.affords(3)
    assert not spending(None, budget=0.0)[0].affords(1)


def test_the_next_engine_of_the_day_goes_on_where_this_one_ended(tmp_path: Path) -> None:
    purse, meter = spending(tmp_path)
    meter.count("cloudwatch", "GetMetricData", 50_000)
    purse.keep()
    again, _ = spending(tmp_path)
    again.recall()
    assert again.left_today() == pytest.approx(0.5)
    assert again.told().usd == 0.0, "this engine itself has spent nothing"
    tomorrow, _ = spending(tmp_path, at=NOON + timedelta(days=1))
    tomorrow.recall()
    assert tomorrow.left_today() == 1.0


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"nonsense", b'{"format": 1, "day": "2026-03-11", "counted": [1]}'])
def test_a_file_that_cannot_be_used_costs_what_it_knew(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "spent.json").write_bytes(raw)
    purse, _ = spending(tmp_path)
    purse.recall()
    assert purse.left_today() == 1.0
    purse.keep()
    assert (tmp_path / "spent.json").read_bytes() != raw


def test_a_folder_that_is_not_there_stops_nothing(tmp_path: Path) -> None:
    purse, _ = spending(tmp_path / "missing")
    purse.recall()
    purse.keep()
    assert not (tmp_path / "missing").exists()


def test_what_is_kept_is_for_its_user_alone(tmp_path: Path) -> None:
    spending(tmp_path)[0].keep()
    assert (tmp_path / "spent.json").stat().st_mode & 0o777 == 0o600
