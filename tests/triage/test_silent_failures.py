"""Each way in which backups fail without a word is found, by the cause it has; and nothing is found of what is well."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from collectors.inside.backups import Copy, Elsewhere, Kind, Outcome, Proof, Task
from collectors.safe import Safe
from console.triage.finding import kinds
from tests.triage.facts import NOW, backups, chains, found, resource

LATELY = NOW - timedelta(hours=2)


def failed(what: str, why: str, database: str = "") -> Task:
    return Task(Safe(what), Safe("42"), Outcome.FAILED, LATELY, LATELY, why=Safe(why), database=Safe(database))


EMPTY = Copy(Safe("orders.bak"), Kind.NATIVE, LATELY, Outcome.DONE, why=Safe("512B"), database=Safe("orders"))
HOLLOW = tuple(
    Copy(Safe("point"), Kind.AWS_BACKUP, NOW - timedelta(days=days), Outcome.DONE, bytes=size)
    for days, size in ((8, 5 << 30), (1, 5 << 10))
)
SILENT = {
    "1 retention zero": ("backups-off", "retention is zero", backups(retention_s=0.0), chains()),
    "2 restorable time stands still": (
        *("restore-point-stuck", "stands still"),
        *(backups(restorable_until=NOW - timedelta(minutes=16)), chains()),
    ),
    "2 no restorable time at all": ("restore-point-stuck", "no moment", backups(restorable_until=None), chains()),
    "3 a database for one user": ("restore-point-stuck", "archive", backups(), chains(why=Safe("SINGLE_USER"))),
    "4 the chain is broken": ("backup-chain-broken", "archive", backups(), chains(broken=True)),
    "5 no snapshot": (
        *("snapshot-missing", "last night"),
        *(backups(copies=tuple(c for c in backups().copies if c.taken < NOW - timedelta(days=1))), chains()),
    ),
    "6 a native task failed": (
        *("snapshot-missing", "BACKUP_DB of orders failed", backups()),
        replace(chains(), tasks=(failed("BACKUP_DB", "Access Denied", "orders"),)),
    ),
    "7 a job of AWS Backup failed": (
        *("snapshot-missing", "The last backup of orders-primary failed"),
        *(backups(tasks=(failed("backup", "vault is locked"),)), chains()),
    ),
    "8 the key is disabled": ("snapshot-missing", "key", backups(key=Safe("the key is disabled")), chains()),
    "9 the copy elsewhere is behind": (
        *("snapshot-missing", "eu-central-1"),
        *(backups(elsewhere=(Elsewhere(Safe("eu-central-1"), Safe("error"), NOW - timedelta(hours=3)),)), chains()),
    ),
    "10 a job of the agent failed": (
        *("agent-job-failed", "nightly copy", backups()),
        replace(chains(), failed_jobs=(Safe("nightly copy"),)),
    ),
    "11 a backup near zero": (
        *("snapshot-missing", "cannot be relied on", backups()),
        replace(
            chains(),
            copies=(EMPTY,),
        ),
    ),
    "11 a snapshot with nothing in it": (
        *("snapshot-missing", "AWS Backup"),
        *(backups(copies=(*backups().copies[:14], *HOLLOW)), chains()),
    ),
    "12 differentials of another base": (
        *("backup-chain-broken", "archive", backups()),
        chains(broken=True, why=Safe("its differential belongs to another full backup")),
    ),
    "13 no point in time": ("backups-off", "no moment to go back", backups(point_in_time=False), chains()),
    "14 never restored": ("restore-unproven", "can be restored", backups(proofs=()), chains()),
    "14 the last try failed": (
        *("restore-unproven", "can be restored"),
        *(backups(proofs=(Proof(LATELY, Safe("restore test"), held=False), *backups().proofs)), chains()),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SILENT)
def test_a_silent_failure_is_found_alone_and_by_its_cause(name: str) -> None:
    wanted, words, fact, inside = SILENT[name]
    (finding,) = found(resource(fact, inside))
    assert finding.id == wanted
    assert words in finding.cause
    assert finding.evidence
    assert finding.next


def test_nothing_is_found_of_what_is_well() -> None:
    assert found(resource(backups(), chains())) == []


def test_a_restorable_time_that_goes_on_standing_still_grows_graver_and_names_the_database() -> None:
    stuck = backups(restorable_until=NOW - timedelta(minutes=16))
    early = found(resource(stuck))
    later = replace(stuck, observed=NOW + timedelta(minutes=20))
    late = found(resource(later, chains(why=Safe("SINGLE_USER"))), now=later.observed)
    assert [str(f.severity) for f in early] == ["high"]
    grave = next(f for f in late if f.about == "")
    assert grave.severity == "critical"
    assert any("archive: SINGLE_USER" in each for each in grave.evidence)


def test_what_was_told_hours_ago_has_not_stood_still_since() -> None:
    assert found(resource(backups(), chains()), now=NOW + timedelta(hours=5)) == []


def test_what_is_backed_up_in_its_stead_is_not_blamed_for_having_nothing_of_its_own() -> None:
    kept = backups(
        retention_s=0.0, kept_by=Safe("catalogue"), copies=(), restorable_until=None, proofs=(), tasks=(), elsewhere=()
    )
    assert found(resource(kept)) == []


def test_a_copy_that_is_sent_once_a_week_may_be_six_days_old_and_not_ten() -> None:
    def sent(days: int) -> Elsewhere:
        return Elsewhere(Safe("eu-central-1"), Safe("copy completed"), None, NOW - timedelta(days=days))

    assert found(resource(backups(elsewhere=(sent(6),)))) == []
    assert [f.about for f in found(resource(backups(elsewhere=(sent(10),))))] == ["eu-central-1"]


def test_a_failure_that_was_done_again_since_is_mended() -> None:
    again = Task(Safe("backup"), Safe("43"), Outcome.DONE, NOW, NOW)
    assert found(resource(backups(tasks=(failed("backup", "vault is locked"), again)))) == []


def test_where_nobody_promised_to_try_nobody_is_blamed_for_not_having_tried() -> None:
    assert found(resource(backups(proofs=())), promised={}) == []


def test_who_may_not_see_restores_does_not_say_that_there_were_none() -> None:
    note = Safe("backup:ListRestoreJobs is denied.")
    assert found(resource(backups(proofs=(), notes=(note,)))) == []


def test_each_id_is_one_that_was_fixed() -> None:
    assert {wanted for wanted, *_ in SILENT.values()} <= kinds().keys()
