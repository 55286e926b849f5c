"""Is a restore that RDS tells of taken as proof, and of the right backup?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.collectors.aws.asked import NOW
from tests.collectors.aws.backups.playing import playing
from tests.collectors.aws.backups.test_collector import NIGHT, denied, fact, found, rds

EVENTS = ("rds", "DescribeEvents")
WHEN = NOW - timedelta(days=3)
ENDED_LONG_AGO = "rds:orders-2026-10-01-03-05"


def told(message: str) -> dict[str, object]:
    return {"SourceIdentifier": "orders-check", "SourceType": "db-instance", "Message": message, "Date": WHEN}


@pytest.mark.parametrize(
    ("message", "how", "source"),
    [
        ("Restored from snapshot rds:orders-2026-11-21-03-05", "from a snapshot", NIGHT["DBSnapshotIdentifier"]),
        (f"Restored from snapshot {ENDED_LONG_AGO}.", "from a snapshot", ENDED_LONG_AGO),
        ("Restored from snapshot before-the-change", "from a snapshot", "before-the-change"),
        ("Restored from DB instance orders to orders-check.", "to a point in time", ""),
    ],
    ids=["of a night", "of a night that is kept no more", "by hand", "to a time"],
)
async def test_each_event_proves_the_backup_that_it_names(message: str, how: str, source: str) -> None:
    by_hand = {**NIGHT, "DBSnapshotIdentifier": "before-the-change", "SnapshotType": "manual"}
    answers = rds(DescribeDBSnapshots={"DBSnapshots": [NIGHT, by_hand]}) | {EVENTS: {"Events": [told(message)]}}
    proof, *others = (await fact(answers)).proofs
    assert not others
    assert (proof.when, proof.how, proof.told_by) == (WHEN, f"RDS restore {how}", "RDS events")
    assert proof.source == (f"{source}, as orders-check" if source else "as orders-check")
    assert proof.held
    assert proof.took_s is None, "nobody tells when it began"


@pytest.mark.parametrize(
    "message",
    [
        "Restored from snapshot rds:orders-2-2026-11-21-03-05",
        "Restored from snapshot of-nobody-knows-what",
        "Restored from DB instance other to orders",
        "DB instance restarted",
    ],
)
async def test_what_is_of_another_or_of_nobody_knows_what_proves_nothing(message: str) -> None:
    assert (await fact(rds() | {EVENTS: {"Events": [told(message)]}})).proofs == ()


async def test_that_events_may_not_be_asked_is_said_and_harms_nothing() -> None:
    about = await fact(rds() | {EVENTS: denied("rds:DescribeEvents")}, found("orders"))
    assert "Not seen for want of rds:DescribeEvents." in about.notes
    assert about.retention_s is not None


async def test_the_drills_of_a_team_are_found_in_the_demo() -> None:
    with playing("database-architect") as there:
        facts, _ = await there.look()
        proofs = [proof for proof in facts["ledger"].proofs if proof.told_by == "RDS events"]
        assert proofs
        assert timedelta(0) < there.world.now - proofs[0].when < timedelta(days=7)
        assert proofs[0].source.startswith("rds:ledger-2026-")
        assert proofs[0].source.endswith(", as ledger-drill")
