"""What msdb, RDS's procedures and the list of databases answer, and what is told of each database from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st

from collectors.database.rows import Rows
from collectors.errors import CannotCollect, Denied
from collectors.inside.backups import DatabaseBackups, DatabaseChain, Kind, Outcome
from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.asking import Question, Server, Servers, text_of
from collectors.sqlserver.backups.chains import LogChain, log_chain
from collectors.sqlserver.backups.collector import FOLLOWS, BackupsInside
from collectors.sqlserver.backups.rows import DatabaseRow, HeadRow, LogRow, RestoreRow, SetRow

THEN = datetime(2026, 3, 11, 10, 0)
NOW = THEN.replace(tzinfo=UTC)
ABOUT = ResourceId(Safe("billing"))
FIVE, HOUR = timedelta(minutes=5), timedelta(hours=1)


class Answering(Server, Servers):
    """In step and backed up, but for what a test says otherwise."""

    def __init__(self, **told: Any) -> None:
        usual: dict[str, Any] = {"backup_tasks": [], "agent_jobs": [], "restore_history": []}
        self.told = {**usual, "head": {}, "backup_databases": [database()], "log_chain": [log()], **told}
        self.told.setdefault("backup_sets", [backup()])
        self.asked: list[tuple[str, tuple[str | int, ...]]] = []

    def of(self, about: ResourceId) -> Server:
        return self

    async def ask(self, question: Question, *arguments: str | int) -> tuple[Rows, ...]:
        self.asked.append((question.name, arguments))
        told = self.told[question.name]
        if isinstance(told, Exception):
            raise told
        head = {"utc_now": THEN, "to_utc_min": -60, "is_rds": 1} | self.told["head"]
        return (*([rows([head])] if question.name == "backup_databases" else []), rows(told))


def rows(each: list[dict[str, Any]]) -> Rows:
    columns = tuple(each[0]) if each else ()
    return Rows(columns, tuple(tuple(row.values()) for row in each))


def database(name: str = "ledger", **more: Any) -> dict[str, Any]:
    usual = {"database_name": name, "state_desc": "ONLINE", "user_access_desc": "MULTI_USER"}
    return {**usual, "recovery_model_desc": "FULL", "is_primary": 1, "checked": THEN - 24 * HOUR, **more}


def backup(kind: str = "D", name: str = "ledger", **more: Any) -> dict[str, Any]:
    usual = {"database_name": name, "type": kind, "is_snapshot": 0, "is_copy_only": 0, "is_damaged": 0}
    sizes = {"size_bytes": 1000, "size_before": 990, "base_is_snapshot": None}
    return {**usual, "finished": THEN - 7 * HOUR, **sizes, **more}


def log(place: int = 1, ago: timedelta = FIVE, **more: Any) -> dict[str, Any]:
    usual = {"place": place, "taken": THEN - ago, "taken_before": THEN - ago - FIVE, "is_broken": 0, "has_gap": 0}
    return {**usual, "error": None, **more}


def task(number: int, **more: Any) -> dict[str, Any]:
    usual = {"task_id": number, "task_type": "BACKUP_DB", "database_name": "ledger", "% complete": 40}
    times = {"last_updated": THEN - HOUR, "created_at": THEN - 2 * HOUR, "S3_object_arn": "arn:aws:s3:::b/k"}
    return {**usual, "duration(mins)": 12, "lifecycle": "IN_PROGRESS", "task_info": "", **times, **more}


async def told(**answers: Any) -> DatabaseBackups:
    (found,) = [reading async for reading in BackupsInside(Answering(**answers), lambda: NOW).collect(ABOUT)]
    assert isinstance(found, DatabaseBackups)
    return found


async def chain(**answers: Any) -> DatabaseChain:
    (found,) = (await told(**answers)).chains
    return found


@pytest.mark.parametrize(
    ("name", "read_by"),
    [
        ("backup_databases", [HeadRow, DatabaseRow]),
        ("backup_sets", [SetRow]),
        ("log_chain", [LogRow]),
        ("restore_history", [RestoreRow]),
    ],
)
def test_each_statement_gives_what_its_rows_are_read_by(name: str, read_by: list[type[Any]]) -> None:
    statements = [each for each in sqlglot.parse(text_of(name), read="tsql") if each]
    given_ = [set(each.named_selects) for each in statements]  # type: ignore[attr-defined]
    assert given_ == [set(each.model_fields) for each in read_by]


async def test_a_database_that_is_well_says_to_when_it_can_be_brought_back() -> None:
    found = await told()
    assert found.notes == ()
    assert found.chains == (
        DatabaseChain(
            Safe("ledger"), Safe("ONLINE"), Safe("MULTI_USER"), Safe("FULL"), log_until=NOW - FIVE,
            newest_full=NOW - 7 * HOUR, broken=False, checked=NOW - 25 * HOUR,
        ),
    )  # fmt: skip


async def test_what_never_was_checked_has_no_date() -> None:
    assert (await chain(backup_databases=[database(checked=datetime(1900, 1, 1))])).checked is None


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"state_desc": "OFFLINE"}, "OFFLINE: RDS backs up no log of this server"),
        ({"state_desc": "EMERGENCY"}, "EMERGENCY: RDS backs up no log of this server"),
        ({"user_access_desc": "SINGLE_USER"}, "SINGLE_USER: RDS backs up no log of this server"),
        ({"user_access_desc": "RESTRICTED_USER"}, ""),
        ({"recovery_model_desc": "SIMPLE"}, "SIMPLE: it keeps no log"),
        ({"recovery_model_desc": "BULK_LOGGED"}, "BULK_LOGGED: its chain may have a gap"),
    ],
)
async def test_what_keeps_a_database_from_being_backed_up_is_named(row: dict[str, Any], why: str) -> None:
    found = await chain(backup_databases=[database(**row)])
    assert found.why.startswith(why)
    assert bool(found.why) == bool(why)


async def test_a_database_that_is_not_online_is_not_asked_for_its_log() -> None:
    servers = Answering(backup_databases=[database("a", state_desc="OFFLINE"), database("b")])
    _ = [reading async for reading in BackupsInside(servers, lambda: NOW).collect(ABOUT)]
    assert [arguments for name, arguments in servers.asked if name == "log_chain"] == [("b",)]


@pytest.mark.parametrize("sign", ["is_broken", "has_gap"])
async def test_a_gap_ends_the_chain_before_it_until_a_full_backup_mends_it(sign: str) -> None:
    gap = [log(), log(12, HOUR, **{sign: 1})]
    broken = await chain(log_chain=gap)
    assert (broken.broken, broken.log_until) == (True, NOW - HOUR - FIVE)
    assert "gap" in broken.why
    for kind in ("D", "I"):
        mended = await chain(log_chain=gap, backup_sets=[backup(), backup(kind, finished=THEN - 2 * FIVE)])
        assert (mended.broken, mended.log_until, mended.why) == (False, NOW - FIVE, "")
    only_log = await chain(log_chain=gap, backup_sets=[backup(), backup("L", finished=THEN - FIVE)])
    assert only_log.broken


@given(
    gaps=st.lists(st.tuples(st.integers(2, 2000), st.booleans()), unique_by=lambda gap: gap[0]),
    based=st.none() | st.integers(0, 10_000),
)
def test_the_chain_ends_before_its_newest_gap_that_nothing_mends(
    gaps: list[tuple[int, bool]], based: int | None
) -> None:
    """``gaps``: how many pieces ago, and told by which of two signs; ``based``: minutes since a full backup."""
    found = [log(place, place * FIVE, is_broken=int(flag), has_gap=int(not flag)) for place, flag in sorted(gaps)]
    sets = [] if based is None else [backup(finished=THEN - timedelta(minutes=based))]
    told_ = log_chain([LogRow(**row) for row in (log(), *found)], [SetRow(**row) for row in sets])
    newest = min((place for place, _ in gaps), default=None)
    if newest is None or (based is not None and based < 5 * newest):
        assert told_ == LogChain(NOW - FIVE, broken=False)
    else:
        assert told_ == LogChain(NOW - (newest + 1) * FIVE, broken=True)


async def test_where_log_backups_may_not_be_listed_msdb_says_what_it_knows() -> None:
    sets = [backup(), backup("L", finished=THEN - 2 * FIVE)]
    answers: dict[str, Exception | list[dict[str, Any]]] = {
        "db_owner": Denied("No.", grant="db_owner in the database"),
        "tlog copy is not set up": [log(taken=None, error="tlog copy is not set up")],
        "refused the statement": CannotCollect("billing refused the statement."),
    }
    for said, answer in answers.items():
        found = await told(log_chain=answer, backup_sets=sets)
        (one,) = found.chains
        assert (one.broken, one.log_until) == (None, NOW - 2 * FIVE)
        assert [said in note for note in found.notes] == [True]


async def test_each_thing_that_may_not_be_seen_is_a_note_with_its_grant_and_the_rest_is_told() -> None:
    denied = {name: Denied("No.", grant=f"EXECUTE ON {name}") for name in ("backup_tasks", "agent_jobs")}
    denied |= {name: Denied("No.", grant=f"SELECT ON {name}") for name in ("restore_history", "backup_sets")}
    found = await told(**denied)
    assert len(found.notes) == 4
    assert all(any(name in note for note in found.notes) for name in denied)
    assert (found.jobs, found.chains[0].newest_full, found.chains[0].why) == (None, None, "")


async def test_a_database_that_nobody_backed_up_is_named() -> None:
    assert "no full backup" in (await chain(backup_sets=[])).why


async def test_a_replica_has_no_chains_and_says_why() -> None:
    found = await told(backup_databases=[database(is_primary=0), database("b", is_primary=0)], log_chain=[])
    assert (found.chains, found.notes) == ((), (FOLLOWS,))


async def test_elsewhere_than_on_rds_its_own_procedures_are_not_asked() -> None:
    servers = Answering(head={"is_rds": 0}, backup_sets=[backup("L", finished=THEN)])
    (found,) = [reading async for reading in BackupsInside(servers, lambda: NOW).collect(ABOUT)]
    assert not {"backup_tasks", "log_chain"} & {name for name, _ in servers.asked}
    assert isinstance(found, DatabaseBackups)
    assert found.chains[0].log_until == NOW


@pytest.mark.parametrize(
    ("row", "kind", "why"),
    [
        (backup(), Kind.NATIVE, ""),
        (backup(is_damaged=1), Kind.NATIVE, "damaged"),
        (backup("I", base_is_snapshot=1), Kind.NATIVE, "a snapshot came between"),
        (backup("I", base_is_snapshot=0), Kind.NATIVE, ""),
        (backup(size_bytes=3), Kind.NATIVE, "nearly empty"),
        (backup(is_snapshot=1, size_bytes=3), Kind.AUTOMATED, "nearly empty"),
        (backup(is_snapshot=1, is_damaged=1), Kind.AUTOMATED, "damaged"),
    ],
)
async def test_what_is_wrong_with_a_backup_is_said(row: dict[str, Any], kind: Kind, why: str) -> None:
    (copy,) = (await told(backup_sets=[row])).copies
    assert copy.kind is kind
    assert why in copy.why
    assert bool(copy.why) == bool(why)


async def test_snapshots_that_are_well_are_awss_to_tell() -> None:
    assert (await told(backup_sets=[backup(is_snapshot=1), backup("L")])).copies == ()


async def test_native_tasks_tell_how_far_they_are_and_why_they_failed() -> None:
    denied = "[2026-03-11] Aborted the task because of a task failure.\n  Access Denied"
    found = await told(
        backup_tasks=[
            task(1, task_type="RESTORE_DB", lifecycle="SUCCESS", **{"% complete": 100}),
            task(2, lifecycle="ERROR", task_info=denied),
            task(3, lifecycle="CANCELLED"),
            task(4, task_type="DOWNLOAD_FROM_S3"),
            task(5, **{"% complete": 37.4}),
        ]
    )
    assert [(each.name, each.outcome, each.percent) for each in found.tasks] == [
        ("task 5", Outcome.RUNNING, 37), ("task 3", Outcome.FAILED, 40), ("task 2", Outcome.FAILED, 40),
        ("task 1", Outcome.DONE, 100),
    ]  # fmt: skip
    assert found.tasks[2].why.endswith("a task failure. Access Denied")
    assert (found.tasks[0].began, found.tasks[0].ended) == (NOW - 3 * HOUR, None)  # its clock is an hour ahead of UTC
    (proof,) = found.proofs
    assert (proof.took_s, proof.when, proof.told_by) == (3600.0, NOW - 2 * HOUR, "task 1")


async def test_the_blank_in_a_name_makes_no_difference() -> None:
    row = {("duration (mins)" if name == "duration(mins)" else name): value for name, value in task(1).items()}
    assert len((await told(backup_tasks=[row])).tasks) == 1


async def test_a_restore_that_two_write_down_is_one_proof() -> None:
    row = {"restored": THEN - 2 * HOUR, "destination_database_name": "copy", "is_whole": 1}
    history = [row | {"source_name": "ledger", "source_taken": THEN - 9 * HOUR}]
    done = task(1, task_type="RESTORE_DB", lifecycle="SUCCESS")
    assert len((await told(restore_history=history, backup_tasks=[done])).proofs) == 1
    (proof,) = (await told(restore_history=history)).proofs
    assert (proof.source, proof.took_s, proof.held) == ("ledger of 2026-03-11 01:00", None, True)


async def test_jobs_that_back_up_and_failed_are_named_and_others_are_counted() -> None:
    jobs = [
        {"name": "Nightly backup", "enabled": 1, "description": "", "category": None, "last_run_outcome": 0},
        {"name": "Copy to S3", "enabled": 1, "description": "runs BackUp", "category": None, "last_run_outcome": 0},
        {"name": "Backup, good", "enabled": 1, "description": "", "category": None, "last_run_outcome": 1},
        {"name": "Backup, off", "enabled": 0, "description": "", "category": None, "last_run_outcome": 0},
        {"name": "Load", "enabled": 1, "description": None, "category": None, "last_run_outcome": 0},
    ]
    found = await told(agent_jobs=jobs)
    assert (found.failed_jobs, found.jobs) == (("Nightly backup", "Copy to S3"), 4)
    assert (await told()).jobs == 0


async def test_a_server_that_cannot_be_asked_tells_nothing() -> None:
    with pytest.raises(Denied):
        await told(backup_databases=Denied("No.", grant="VIEW SERVER STATE"))
