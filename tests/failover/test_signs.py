"""What AWS writes of failovers, as it writes it, and what each means."""

from __future__ import annotations

import pytest

from console.failover.signs import Meaning, meaning, signs

TEXTS = [
    ("Multi-AZ instance failover started.", Meaning.STARTED),
    ("Multi-AZ instance failover completed", Meaning.COMPLETED),
    ("Multi-AZ failover to standby complete - DNS propagation may take a few minutes", Meaning.REPOINTED),
    ("DB instance restarted", Meaning.RESTARTED),
    (
        "Amazon RDS is not attempting a requested failover because a failover recently occurred on the DB instance.",
        Meaning.REFUSED,
    ),
    ("Multi-AZ instance activation started", Meaning.RECOVERING),
    ("Multi-AZ instance activation completed", Meaning.PROMOTED),
    ("Multi-AZ instance recovery started", Meaning.RECOVERING),
    ("Multi-AZ instance recovery completed", Meaning.RECOVERED),
    ("Instance recovered from a partial failover", Meaning.COMPLETED),
    ("The SQL Server DB instance is re-establishing its mirror.", Meaning.DEGRADED),
    ("Cluster failover failed, check the status of your instances", Meaning.FAILED),
    ("Started same AZ failover to DB instance: orders-2", Meaning.STARTED),
    ("Started cross AZ failover to DB instance: orders-2", Meaning.STARTED),
    ("Completed failover to DB instance: orders-2", Meaning.COMPLETED),
    ("Replication for the Read Replica was terminated", Meaning.DETACHED),
    ("Test Failover API called for node group 0001", Meaning.STARTED),
    ("Failover from primary node sessions-001 to replica node sessions-002 completed", Meaning.PROMOTED),
    ("Recovering cache nodes 0001", Meaning.RECOVERING),
    ("Finished recovery for cache nodes 0001", Meaning.RECOVERED),
    ("The user requested a failover of the DB instance.", None),
    ("Backing up DB instance", None),
]


@pytest.mark.parametrize(("text", "means"), TEXTS)
def test_each_text_has_its_meaning(text: str, means: Meaning | None) -> None:
    assert meaning(text) == means


def test_no_row_of_the_table_is_without_a_text() -> None:
    hit = {next((s.code for s in signs() if s.pattern.search(text)), "") for text, _ in TEXTS}
    assert {sign.code for sign in signs()} - hit <= {"0004", "0070"}
