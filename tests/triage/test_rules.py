"""Replication: what is told of a link; and no rule raises, whatever is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.inside.backups import Backups, DatabaseBackups
from collectors.inside.replication import Distance, LinkState, Replication, ReplicationByAws, Slot
from collectors.readings import Severity
from collectors.safe import Safe
from console.estate.levels import RANK
from console.triage.finding import Confidence, kinds
from tests.triage.facts import NOW, ORDERS, REPLICA, backups, chains, found, link, replica, resource

LAG = {"replica.lag_s": 12.0}
CPU, ENGINE_CPU = "cloudwatch.CPUUtilization", "cloudwatch.EngineCPUUtilization"
SAVING, ALONE = (("rdb_bgsave_in_progress", "1"),), (("busy workers", "1"),)
GONE = Distance(90.0, at_least=True)


@pytest.mark.parametrize(
    ("state", "severity"),
    [(LinkState.BROKEN, "critical"), (LinkState.SILENT, "critical"), (LinkState.PAUSED, "high")],
)
def test_a_link_that_does_not_carry_is_found_whatever_its_last_lag_was(state: LinkState, severity: str) -> None:
    (finding,) = found(resource(replica(state=state, lag=GONE, heard=NOW - timedelta(seconds=90)), values=LAG))
    assert (finding.id, str(finding.severity)) == ("replica-broken", severity)
    assert any("1m ago" in each for each in finding.evidence)


@pytest.mark.parametrize("state", [LinkState.IN_STEP, LinkState.SEEDING, LinkState.DELAYED, LinkState.UNKNOWN])
def test_a_link_that_lives_or_is_not_known_is_nothing_to_find(state: LinkState) -> None:
    assert found(resource(replica(state=state))) == []


def test_what_aws_tells_counts_only_where_the_database_is_silent() -> None:
    by_aws = ReplicationByAws(REPLICA, NOW, role=Safe("replica"), upstream=(link(state=LinkState.BROKEN),))
    assert found(resource(replica(), by_aws)) == []
    old = replace(replica(), observed=NOW - timedelta(minutes=4))
    assert [f.id for f in found(resource(old, by_aws))] == ["replica-broken"]


def test_a_standby_that_nobody_can_ask_is_told_by_its_primary_and_no_other_copy_is() -> None:
    standby = link(copy=Safe("standby"), state=LinkState.BROKEN)
    primary = Replication(ORDERS, NOW, role=Safe("primary"), downstream=(standby, link(state=LinkState.BROKEN)))
    findings = found(resource(primary), resource(replica(state=LinkState.BROKEN)))
    assert [f.about for f in findings] == ["standby"]


@pytest.mark.parametrize(
    ("values", "more", "kind", "wanted"),
    [
        ({CPU: 40.0}, (), "instance", "replica-lag"),
        ({CPU: 97.0}, (), "instance", "replica-undersized"),
        ({CPU: 40.0}, ALONE, "instance", "replica-single-thread-bound"),
        ({ENGINE_CPU: 40.0}, SAVING, "cache", "cache-replication-behind"),
    ],
)  # fmt: skip
def test_a_lag_is_told_by_its_likeliest_reason(
    values: dict[str, float], more: tuple[tuple[str, str], ...], kind: str, wanted: str
) -> None:
    told = tuple((Safe(key), Safe(value)) for key, value in more)
    fact = replica(state=LinkState.BEHIND, lag=Distance(12.0), unapplied=Distance(bytes=1 << 20), more=told)
    (finding,) = found(resource(fact, kind=kind, values=LAG | values))
    assert finding.id == wanted
    assert finding.confidence is Confidence.HIGH
    assert any("12.0s behind, 5.0s is the bound" in each for each in finding.evidence)


def test_a_lag_whose_replica_cannot_be_looked_at_is_told_with_less_confidence() -> None:
    (finding,) = found(resource(replica(state=LinkState.BEHIND), values=LAG))
    assert finding.confidence is Confidence.MEDIUM
    assert any("could not be seen" in each for each in finding.evidence)


def test_a_slot_that_keeps_log_for_nobody_is_found_and_a_busy_one_is_not() -> None:
    slots = (
        Slot(Safe("gone"), active=False, kept=5 << 30, inactive_since=NOW - timedelta(hours=3)),
        Slot(Safe("busy"), active=True, kept=5 << 30),
        Slot(Safe("small"), active=False, kept=1 << 20),
        Slot(Safe("lost"), active=False, kept=None, state=Safe("lost")),
    )
    fact = Replication(ORDERS, NOW, role=Safe("primary"), slots=slots)
    assert [f.about for f in found(resource(fact))] == ["gone", "lost"]


@given(
    state=st.sampled_from(LinkState),
    seconds=st.none() | st.floats(0, 1e6),
    size=st.none() | st.integers(0, 1 << 50),
    heard=st.none() | st.just(NOW),
    lag=st.none() | st.floats(0, 1e6),
    retention=st.none() | st.floats(0, 1e7),
    bare=st.booleans(),
)
def test_no_rule_raises_and_each_finding_has_an_id_and_a_severity_that_fit(
    state: LinkState,
    seconds: float | None,
    size: int | None,
    heard: object,
    *,
    lag: float | None,
    retention: float | None,
    bare: bool,
) -> None:
    far = Distance(seconds, size)
    fact = replica(state=state, lag=far, unsent=far, unapplied=far, heard=heard)
    kept = Backups(REPLICA, NOW, retention_s=retention) if bare else replace(backups(), retention_s=retention)
    inside = DatabaseBackups(REPLICA, NOW, chains=()) if bare else chains()
    one = resource(fact, kept, inside, values={} if lag is None else {"replica.lag_s": lag})
    for finding in found(one):
        assert abs(RANK[finding.severity] - RANK[kinds()[finding.id].severity]) <= 1
        assert finding.cause
        assert finding.next
        assert finding.severity is not Severity.INFO
