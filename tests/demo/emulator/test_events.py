"""What RDS and ElastiCache tell has happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from console.demo.emulator.events import category
from tests.demo.emulator.emulating import START, Emulating, code, emulating

TWO_DAYS = timedelta(days=2)


@pytest.fixture(scope="module")
def world() -> Iterator[Emulating]:
    with emulating() as served:
        yield served


def events(world: Emulating, service: str = "rds", **asked: Any) -> list[Any]:
    pages = world.client(service).get_paginator("describe_events").paginate(**asked)
    return [event for page in pages for event in page["Events"]]


def told(found: list[Any]) -> list[tuple[datetime, str, str]]:
    return [(event["Date"], event["SourceIdentifier"], event["Message"]) for event in found]


def test_they_are_the_models_and_to_the_millisecond(world: Emulating) -> None:
    since = START - TWO_DAYS
    found = events(world, StartTime=since, EndTime=START)
    usual = [h for h in world.model.happenings(since.timestamp(), START.timestamp()) if h.source == "rds"]
    assert len(usual) > 20
    assert [(each[1], each[2]) for each in told(found)] == [(h.machine.id, h.text) for h in usual]
    for event, happening in zip(found, usual, strict=True):
        assert 0 <= happening.t - event["Date"].timestamp() < 0.0011


def test_one_asked_from_its_own_date_is_told_again(world: Emulating) -> None:
    every = events(world, StartTime=START - TWO_DAYS, EndTime=START)
    for event in every:
        again = events(world, StartTime=event["Date"], EndTime=event["Date"] + timedelta(seconds=1))
        assert event["Message"] in [each["Message"] for each in again]


def test_windows_side_by_side_tell_each_event_at_least_once(world: Emulating) -> None:
    whole = told(events(world, StartTime=START - TWO_DAYS, EndTime=START))
    parts: list[Any] = []
    at = START - TWO_DAYS
    while at < START:
        parts += told(events(world, StartTime=at, EndTime=at + timedelta(hours=6)))
        at += timedelta(hours=6)
    assert sorted(set(parts)) == sorted(whole)


def test_pages_together_are_the_whole(world: Emulating) -> None:
    window: dict[str, Any] = {"StartTime": START - timedelta(days=14), "EndTime": START}
    assert told(events(world, **window, PaginationConfig={"PageSize": 20})) == told(events(world, **window))


def test_a_duration_counts_back_from_the_end(world: Emulating) -> None:
    day = events(world, Duration=24 * 60)
    assert told(day) == told(events(world, StartTime=START - timedelta(days=1), EndTime=START))
    assert events(world) == events(world, Duration=60)


def test_sources_and_categories_narrow_it(world: Emulating) -> None:
    window: dict[str, Any] = {"StartTime": START - TWO_DAYS, "EndTime": START}
    every = events(world, **window)
    of_one = events(world, SourceIdentifier="billing", SourceType="db-instance", **window)
    assert of_one == [event for event in every if event["SourceIdentifier"] == "billing"]
    assert of_one
    of_clusters = events(world, SourceType="db-cluster", **window)
    assert {event["SourceIdentifier"] for event in of_clusters} == {"catalogue"}
    backups = events(world, EventCategories=["backup"], **window)
    assert backups == [event for event in every if event["EventCategories"] == ["backup"]]
    assert 0 < len(backups) < len(every)


def test_what_a_server_logs_is_no_event(world: Emulating) -> None:
    assert not [e for e in events(world, Duration=24 * 60) if "vacuum" in e["Message"]]


def test_caches_tell_theirs_through_elasticache(world: Emulating) -> None:
    found = events(world, "elasticache", StartTime=START - TWO_DAYS, EndTime=START)
    assert {event["SourceIdentifier"] for event in found} == {"sessions-001"}
    assert {event["SourceType"] for event in found} == {"cache-cluster"}
    assert "Snapshot succeeded for automatic snapshot" in [event["Message"] for event in found]


def test_nothing_is_told_of_what_is_still_to_come(world: Emulating) -> None:
    assert events(world, StartTime=START, EndTime=START + TWO_DAYS) == []


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        ({"SourceIdentifier": "billing"}, "InvalidParameterCombination"),
        ({"SourceType": "moon"}, "InvalidParameterValue"),
        ({"StartTime": START, "EndTime": START - TWO_DAYS}, "InvalidParameterCombination"),
    ],
)
def test_what_aws_refuses_is_refused(world: Emulating, asked: dict[str, Any], refused: str) -> None:
    with pytest.raises(ClientError) as caught:
        events(world, **asked)
    assert code(caught.value) == refused


@pytest.mark.parametrize(
    ("text", "filed"),
    [
        ("Multi-AZ instance failover started", "failover"),
        ("DB instance restarted", "availability"),
        ("Finished DB Instance backup", "backup"),
        ("Automated cluster snapshot created", "backup"),
        ("The free storage capacity for DB Instance: billing is low", "low storage"),
        ("Updated parameter max degree of parallelism with apply method immediate", "configuration change"),
        ("Finished applying modification to allocated storage", "configuration change"),
        ("Something else", "notification"),
    ],
)
def test_each_is_filed_where_rds_files_it(text: str, filed: str) -> None:
    assert category(text) == filed
