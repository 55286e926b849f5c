from __future__ import annotations

from datetime import timedelta

from collectors.aws.metrics import metrics, slow_names


def test_the_unit_of_a_metric_is_the_one_cloudwatch_reports() -> None:
    assert metrics()["AWS/RDS", "WriteLatency"].unit == "Seconds"
    assert metrics()["AWS/RDS", "AuroraReplicaLag"].unit == "Milliseconds"
    assert metrics()["AWS/RDS", "FreeStorageSpace"].statistic == "Minimum"


def test_a_metric_that_comes_every_five_minutes_is_not_expected_sooner() -> None:
    assert metrics()["AWS/RDS", "CPUCreditBalance"].period == timedelta(minutes=5)
    assert metrics()["AWS/RDS", "CPUUtilization"].period == timedelta(minutes=1)
    assert "CPUCreditBalance" in slow_names()
    assert "CPUUtilization" not in slow_names()
