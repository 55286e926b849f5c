"""A profile's words in those of whoever collects and judges."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from collectors.aws.known import Found
from collectors.aws.place import Account, Place
from collectors.readings import ResourceId, Severity
from collectors.safe import Safe
from console import profiles
from console.profile_errors import profile_of, shipped
from profiles.load import parse
from profiles.model import Profile


def profile(text: str) -> Profile:
    return parse(f'name = "mine"\n{text}', "mine.toml")


ACCOUNTS = """
[[estate.accounts]]
name = "prod"
profile = "prod-read"
role_arn = "arn:aws:iam::111122223333:role/reader"
external_id = "x1"
regions = ["eu-west-1", "us-east-1"]
[[estate.accounts]]
name = "other"
"""


def test_each_account_is_reached_as_the_profile_says() -> None:
    prod, other = profiles.accounts(profile(ACCOUNTS))
    role = "arn:aws:iam::111122223333:role/reader"
    assert prod == (Account("prod", "prod-read", role, "x1"), ("eu-west-1", "us-east-1"))
    assert other == (Account("other"), ())


def test_awss_own_options_go_before_what_the_profile_says() -> None:
    declared = profiles.accounts(profile(ACCOUNTS), aws_profile="mine", region="eu-north-1")
    assert [(account.profile, regions) for account, regions in declared] == [("mine", ("eu-north-1",))] * 2


def test_a_selection_takes_and_leaves_out() -> None:
    text = '[[estate.select]]\ntags = { estate = "shop*" }\n[[estate.exclude]]\nids = ["*-test"]\n'
    selection = profiles.selection(profile(text))
    assert selection.takes("instance", "orders", {"estate": "shop-1"})
    assert not selection.takes("instance", "orders", {"estate": "other"})
    assert not selection.takes("instance", "orders-test", {"estate": "shop-1"})


THRESHOLD = """
[[thresholds]]
metric = "cloudwatch.CPUUtilization"
above = { warning = 80, critical = 95 }
engines = ["sqlserver-*"]
[[thresholds]]
metric = "replica.lag_s"
above = { high = 5 }
"""


def test_each_bound_is_a_limit_of_its_own() -> None:
    found = {(limit.value, limit.severity, limit.bound, limit.above) for limit in profiles.limits(profile(THRESHOLD))}
    cpu = Safe("cloudwatch.CPUUtilization")
    assert found == {
        (cpu, Severity.WARNING, 80.0, True),
        (cpu, Severity.CRITICAL, 95.0, True),
        (Safe("replica.lag_s"), Severity.HIGH, 5.0, True),
    }


def test_a_metric_is_watched_where_its_threshold_is_about_the_resource() -> None:
    watched = profiles.WatchedMetrics(profile(THRESHOLD))

    def of(engine: str) -> tuple[str, ...]:
        about, place = ResourceId(Safe("orders")), Place(Account(), "eu-west-1")
        return watched(Found(about, place, "instance", engine, "orders", "arn", "AWS/RDS", ()))

    assert of("sqlserver-ee") == ("cloudwatch.CPUUtilization",)
    assert of("postgres") == ()


def test_the_pace_of_a_collector_is_the_profiles_where_it_has_a_say() -> None:
    paced = profile('[refresh]\nwaits = "10s"\n')
    assert profiles.every(paced, "waits") == timedelta(seconds=10)
    assert profiles.every(paced, "cloudwatch-history") is None


def test_the_shipped_estate_has_limits_for_each_kind_of_resource() -> None:
    limits = profiles.limits(profile_of("resilient-database"))
    for engine, kind in (("sqlserver-ee", "instance"), ("redis", "cache"), ("dynamodb", "table")):
        assert any(limit.concern.fits("x", engine, kind) for limit in limits), engine


def test_the_demo_has_the_shipped_profile_whatever_ones_own_of_that_name_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "dbconsole" / "profiles" / "resilient-database.toml"
    own.parent.mkdir(parents=True)
    own.write_text('title = "mine"\n', encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert profile_of("resilient-database").title == "mine"
    assert shipped("resilient-database").title != "mine"


def test_objectives_are_told_by_the_series_that_they_are_about() -> None:
    text = """
[[objectives]]
name = "lag"
measure = "replica-lag"
target = "5s"
engines = ["postgres"]
[[objectives]]
name = "rpo"
measure = "rpo"
target = "15m"
[[objectives]]
name = "uptime"
measure = "uptime"
target = 99.9
"""
    lag, rpo, uptime = profiles.objectives(profile(text))
    assert (lag.value, lag.bound, lag.above, lag.engines) == ("replica.lag_s", 5.0, True, ("postgres",))
    assert (rpo.value, rpo.bound) == ("backup.rpo_s", 900.0)
    assert (uptime.value, uptime.bound, uptime.above) == ("uptime", 99.9, False)


def test_the_shipped_profile_promises_something_of_lag_and_of_restoring() -> None:
    told = {each.value for each in profiles.objectives(shipped("resilient-database"))}
    assert {"replica.lag_s", "backup.rpo_s"} <= told
