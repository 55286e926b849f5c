"""Backups of a place whose answers are given by hand: what is refused, what fails, what is odd."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from collectors.aws.backups.collector import AwsBackups
from collectors.aws.known import Found, Known
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect, Denied, Expired, Throttled
from collectors.inside.backups import Backups, Kind, Outcome, Proof
from collectors.readings import BackupStatus, Reading, ResourceId
from collectors.safe import Safe
from tests.collectors.aws.asked import ABROAD, HOME, NOW, NUMBER, Answers, ByHand, a_failing_pass, one_pass

DAY = timedelta(days=1)
ARN = f"arn:aws:rds:eu-west-1:{NUMBER}:db:orders"
POINT = f"arn:aws:rds:eu-west-1:{NUMBER}:snapshot:awsbackup:job-17"
KEY = f"arn:aws:kms:eu-west-1:{NUMBER}:key/1234"
ORDERS = {
    "DBInstanceIdentifier": "orders",
    "BackupRetentionPeriod": 7,
    "LatestRestorableTime": NOW - timedelta(minutes=4),
    "DBInstanceStatus": "available",
    "KmsKeyId": KEY,
}
NIGHT = {
    "DBSnapshotIdentifier": "rds:orders-2026-11-21-03-05",
    "DBInstanceIdentifier": "orders",
    "SnapshotType": "automated",
    "Status": "available",
    "SnapshotCreateTime": NOW - timedelta(hours=6),
    "Encrypted": True,
}
JOB = {"BackupJobId": "17", "ResourceArn": ARN, "CreationDate": NOW - DAY, "CompletionDate": NOW - DAY}
VAULT = {"BackupVaultName": "v"}


def found(name: str, kind: str = "instance", arn: str = ARN, role: str = "", key: str = "") -> Found:
    return Found(ResourceId(Safe(name)), HOME, kind, "x", name, arn, "AWS/RDS", ((kind, name),), role=role, key=key)


class Stage:
    """A clock that a test turns, one reader for all regions, and one resource or those given."""

    def __init__(self, answers: Answers, *there: Found, proofs: Iterable[Proof] = ()) -> None:
        self.reader, self.now, self.places = ByHand(answers), NOW, list[Place]()
        known = Known()
        known.put(HOME, there or (found("orders"),))
        self.collector = AwsBackups(self._reader, known, self._now, proofs=lambda _: proofs)

    def _reader(self, place: Place) -> Reader:
        self.places.append(place)
        return self.reader

    def _now(self) -> datetime:
        return self.now


def rds(**more: Any) -> Answers:
    answers: Answers = {
        ("rds", "DescribeDBInstances"): {"DBInstances": [ORDERS]},
        ("rds", "DescribeDBSnapshots"): {"DBSnapshots": [NIGHT]},
    }
    for name, told in more.items():
        service = "kms" if name == "DescribeKey" else "rds" if name.startswith("DescribeDB") else "backup"
        answers[service, name] = told
    return answers


def last(readings: list[Reading], about: str = "orders") -> Backups:
    return [each for each in readings if isinstance(each, Backups) and each.about == about][-1]


def denied(grant: str) -> Denied:
    return Denied("This identity may not ask.", grant=grant)


async def fact(answers: Answers, *there: Found) -> Backups:
    return last(await one_pass(Stage(answers, *there).collector))


async def test_nothing_is_asked_while_nothing_is_known() -> None:
    stage = Stage({})
    collector = AwsBackups(lambda _: stage.reader, Known(), lambda: NOW)
    assert await one_pass(collector) == []
    assert stage.reader.asked == []


@pytest.mark.parametrize(
    ("service", "operation", "grant"),
    [
        ("rds", "DescribeDBSnapshots", "rds:DescribeDBSnapshots"),
        ("rds", "DescribeDBInstanceAutomatedBackups", "rds:DescribeDBInstanceAutomatedBackups"),
        ("backup", "ListBackupJobs", "backup:ListBackupJobs"),
        ("backup", "ListBackupVaults", "backup:ListBackupVaults"),
        ("backup", "ListRestoreJobs", "backup:ListRestoreJobs"),
        ("kms", "DescribeKey", "kms:DescribeKey"),
    ],
)
async def test_what_may_not_be_asked_is_a_note_that_names_the_grant_and_hides_nothing_else(
    service: str, operation: str, grant: str
) -> None:
    readings = await one_pass(Stage(rds() | {(service, operation): denied(grant)}).collector)
    told = last(readings)
    (note,) = told.notes
    assert grant in note
    assert told.restorable_until == NOW - timedelta(minutes=4)
    assert any(isinstance(each, BackupStatus) for each in readings)


async def test_without_the_instances_there_is_nothing_to_tell_and_that_is_trouble() -> None:
    stage = Stage({("rds", "DescribeDBInstances"): denied("rds:DescribeDBInstances")})
    readings, trouble = await a_failing_pass(stage.collector)
    assert readings == []
    assert isinstance(trouble, Denied)


async def test_what_fails_stays_what_it_was_and_is_said_to_be_old() -> None:
    stage = Stage(rds())
    assert last(await one_pass(stage.collector)).notes == ()
    stage.now += timedelta(minutes=1)
    stage.reader.answers["rds", "DescribeDBSnapshots"] = Throttled("Too often.")
    readings, trouble = await a_failing_pass(stage.collector)
    assert isinstance(trouble, Throttled)
    told = last(readings)
    assert [copy.name for copy in told.copies] == [NIGHT["DBSnapshotIdentifier"]]
    assert told.notes == ("rds:DescribeDBSnapshots was not answered since 09:30 UTC.",)
    stage.reader.answers["rds", "DescribeDBSnapshots"] = {"DBSnapshots": [NIGHT]}
    assert last(await one_pass(stage.collector)).notes == ()


async def test_an_instance_that_was_not_described_now_is_not_told_again() -> None:
    stage = Stage(rds())
    await one_pass(stage.collector)
    stage.reader.answers["rds", "DescribeDBInstances"] = CannotCollect("No answer.")
    assert (await a_failing_pass(stage.collector))[0] == []


async def test_credentials_that_ended_end_the_pass() -> None:
    stage = Stage(rds(ListBackupJobs=Expired("Over.", mend="Sign in.")))
    readings, trouble = await a_failing_pass(stage.collector)
    assert isinstance(trouble, Expired)
    assert last(readings).restorable_until  # that came before


async def test_what_is_asked_seldom_does_not_hold_up_the_rest() -> None:
    """In the first pass a fact says what has not been asked yet; at its end nothing is missing."""
    readings = await one_pass(Stage(rds()).collector)
    first, *_, final = [each for each in readings if isinstance(each, Backups)]
    assert "backup:ListBackupJobs was not answered yet." in first.notes
    assert final.notes == ()


async def test_a_long_list_is_asked_for_less_often() -> None:
    many = [NIGHT | {"DBSnapshotIdentifier": f"s{n}"} for n in range(3_000)]
    stage = Stage(rds(DescribeDBSnapshots={"DBSnapshots": many}))
    for _ in range(5):
        await one_pass(stage.collector)
        stage.now += timedelta(minutes=1)
    assert stage.reader.operations().count("DescribeDBSnapshots") == 2
    assert stage.reader.operations().count("DescribeDBInstances") == 5


async def test_a_snapshot_that_two_services_tell_of_is_one_copy() -> None:
    point = {"RecoveryPointArn": POINT, "ResourceArn": ARN, "Status": "COMPLETED", "CreationDate": NOW - DAY}
    told = await fact(
        rds(
            ListBackupVaults={"BackupVaultList": [VAULT]},
            ListRecoveryPointsByBackupVault={"RecoveryPoints": [point | {"BackupSizeInBytes": 5}]},
            ListBackupJobs={"BackupJobs": [JOB | {"State": "COMPLETED", "RecoveryPointArn": POINT}]},
            DescribeDBSnapshots={"DBSnapshots": [NIGHT, NIGHT | {"DBSnapshotIdentifier": "awsbackup:job-17"}]},
        )
    )
    assert [(copy.kind, copy.outcome) for copy in told.copies] == [
        (Kind.AUTOMATED, Outcome.DONE),
        (Kind.AWS_BACKUP, Outcome.DONE),
    ]
    assert told.bytes is None  # RDS does not tell that of its own


async def test_without_its_points_rds_is_asked_for_what_aws_backup_keeps_and_no_job_is_taken_for_lost() -> None:
    def snapshots(**asked: Any) -> list[Any]:
        vaulted = NIGHT | {"DBSnapshotIdentifier": "awsbackup:job-17", "SnapshotType": "awsbackup"}
        return [{"DBSnapshots": [vaulted if asked else NIGHT]}]

    answers = rds(
        ListBackupVaults={"BackupVaultList": [VAULT]},
        ListRecoveryPointsByBackupVault=denied("backup:ListRecoveryPointsByBackupVault"),
        ListBackupJobs={"BackupJobs": [JOB | {"State": "COMPLETED", "RecoveryPointArn": POINT}]},
        DescribeDBSnapshots=snapshots,
    )
    told = await fact(answers)
    assert {copy.kind for copy in told.copies} == {Kind.AUTOMATED, Kind.AWS_BACKUP}
    assert all(copy.outcome is Outcome.DONE for copy in told.copies)
    assert any("ListRecoveryPointsByBackupVault" in note for note in told.notes)


@pytest.mark.parametrize(("days", "age", "lost"), [(None, 1, True), (7, 1, True), (7, 8, False), (30, 20, True)])
async def test_a_point_that_is_gone_before_its_time_is_lost(days: int | None, age: int, lost: bool) -> None:
    job = JOB | {"State": "COMPLETED", "RecoveryPointArn": POINT, "CreationDate": NOW - age * DAY}
    job |= {"RecoveryPointLifecycle": {"DeleteAfterDays": days}} if days else {}
    told = await fact(rds(ListBackupJobs={"BackupJobs": [job]}))
    assert any(copy.outcome is Outcome.FAILED for copy in told.copies) is lost


@pytest.mark.parametrize("state", ["FAILED", "EXPIRED", "PARTIAL", "ABORTED"])
async def test_a_job_that_did_not_complete_is_work_and_a_copy_that_failed(state: str) -> None:
    told = await fact(rds(ListBackupJobs={"BackupJobs": [JOB | {"State": state, "StatusMessage": "Vault is locked"}]}))
    (task,) = told.tasks
    assert (task.outcome, task.why) == (Outcome.FAILED, f"{state.lower()}: Vault is locked")
    assert [copy.why for copy in told.copies if copy.outcome is Outcome.FAILED] == [task.why]


async def test_a_job_that_runs_says_how_far_it_is() -> None:
    told = await fact(rds(ListBackupJobs={"BackupJobs": [JOB | {"State": "RUNNING", "PercentDone": "42.5"}]}))
    (task,) = told.tasks
    assert (task.outcome, task.percent, task.ended) == (Outcome.RUNNING, 42, None)


RESTORE = {
    "RestoreJobId": "r",
    "SourceResourceArn": ARN,
    "RecoveryPointArn": POINT,
    "CreationDate": NOW - DAY,
    "CompletionDate": NOW - DAY + timedelta(minutes=30),
    "CreatedBy": {"RestoreTestingPlanArn": "plan"},
}


@pytest.mark.parametrize(
    ("status", "validated", "held"),
    [
        ("COMPLETED", "SUCCESSFUL", True),
        ("COMPLETED", "FAILED", False),
        ("COMPLETED", "TIMED_OUT", False),
        ("COMPLETED", "VALIDATING", None),
        ("FAILED", "", False),
        ("RUNNING", "", None),
    ],
)
async def test_a_restore_proves_what_it_came_to(status: str, validated: str, held: bool | None) -> None:
    job = RESTORE | {"Status": status} | ({"ValidationStatus": validated} if validated else {})
    readings = await one_pass(Stage(rds(ListRestoreJobs={"RestoreJobs": [job]})).collector)
    proofs = last(readings).proofs
    assert [proof.held for proof in proofs] == ([] if held is None else [held])
    if held:
        assert proofs[0].took_s == 1800
    told = [each.restore_proof for each in readings if isinstance(each, BackupStatus)][-1]
    assert (told is not None) is bool(held)


async def test_a_restore_without_a_source_is_of_what_its_point_is_of() -> None:
    point = {"RecoveryPointArn": POINT, "ResourceArn": ARN, "Status": "COMPLETED", "CreationDate": NOW - DAY}
    job = {name: told for name, told in RESTORE.items() if name != "SourceResourceArn"} | {"Status": "COMPLETED"}
    told = await fact(
        rds(
            ListBackupVaults={"BackupVaultList": [VAULT]},
            ListRecoveryPointsByBackupVault={"RecoveryPoints": [point]},
            ListRestoreJobs={"RestoreJobs": [job]},
        )
    )
    assert [proof.told_by for proof in told.proofs] == ["AWS Backup"]


async def test_what_the_team_wrote_down_is_told_with_the_rest_the_newest_first() -> None:
    own = Proof(NOW - timedelta(hours=1), Safe("by hand"), told_by=Safe("Ada"))
    answers = rds(ListRestoreJobs={"RestoreJobs": [RESTORE | {"Status": "COMPLETED"}]})
    readings = await one_pass(Stage(answers, proofs=[own]).collector)
    assert [proof.told_by for proof in last(readings).proofs] == ["Ada", "AWS Backup"]
    assert [each.restore_proof for each in readings if isinstance(each, BackupStatus)][-1] == own.when


@pytest.mark.parametrize(
    ("state", "words"),
    [("Enabled", ""), ("Disabled", "1234 disabled"), ("PendingDeletion", "1234 to be deleted on 2026-11-22")],
)
async def test_a_key_that_cannot_be_used_is_named(state: str, words: str) -> None:
    told = {"KeyState": state} | ({"DeletionDate": NOW + DAY} if state == "PendingDeletion" else {})
    assert (await fact(rds(DescribeKey={"KeyMetadata": told}))).key == words


async def test_a_key_that_is_not_found_is_said_of_what_it_encrypts_and_is_no_trouble_of_the_pass() -> None:
    told = await fact(rds(DescribeKey=CannotCollect("kms:DescribeKey was refused.", seen="NotFoundException")))
    assert [("NotFound" in note) for note in told.notes] == [True]


async def test_an_instance_that_cannot_read_its_own_storage_says_so() -> None:
    shut = ORDERS | {"DBInstanceStatus": "inaccessible-encryption-credentials-recoverable"}
    assert "inaccessible" in (await fact(rds(DescribeDBInstances={"DBInstances": [shut]}))).key


async def test_another_region_is_asked_for_its_own_copies_and_one_that_refuses_is_not_seen() -> None:
    arn = f"arn:aws:rds:{ABROAD.region}:{NUMBER}:auto-backup:ab-1"
    copies = [{"DBInstanceAutomatedBackupsArn": arn}]
    own = {"DBInstanceIdentifier": "orders", "DBInstanceAutomatedBackupsReplications": copies}
    there = {"DBInstanceAutomatedBackupsArn": arn, "Status": "replicating", "RestoreWindow": {"LatestTime": NOW - DAY}}
    both = [{"DBInstanceAutomatedBackups": [own, there]}]
    stage = Stage(rds(DescribeDBInstanceAutomatedBackups=both))
    (elsewhere,) = last(await one_pass(stage.collector)).elsewhere
    assert (elsewhere.region, elsewhere.state, elsewhere.restorable_until) == ("us-east-1", "replicating", NOW - DAY)
    assert [place.region for place in stage.places].count("us-east-1") == 1
    (elsewhere,) = (await fact(rds(DescribeDBInstanceAutomatedBackups={"DBInstanceAutomatedBackups": [own]}))).elsewhere
    assert (elsewhere.state, elsewhere.restorable_until) == ("not seen", None)


@pytest.mark.parametrize(
    ("source", "days", "kept_by"),
    [
        ("orders", 0, "orders"),
        ("orders", 3, ""),  # it has backups of its own
        (f"arn:aws:rds:us-east-1:{NUMBER}:db:far", 0, "far@us-east-1"),
    ],
)
async def test_a_replica_is_backed_up_by_its_source_unless_it_is_itself(source: str, days: int, kept_by: str) -> None:
    row = {"DBInstanceIdentifier": "r", "BackupRetentionPeriod": days, "ReadReplicaSourceDBInstanceIdentifier": source}
    stage = Stage(rds(DescribeDBInstances={"DBInstances": [ORDERS, row]}), found("orders"), found("r", arn="r"))
    readings = await one_pass(stage.collector)
    assert last(readings, "r").kept_by == kept_by
    assert any(isinstance(each, BackupStatus) and each.about == "r" for each in readings) is (not kept_by)


async def test_of_shards_a_snapshot_is_as_old_as_its_oldest_part_and_as_large_as_all() -> None:
    nodes = [
        {"SnapshotCreateTime": NOW - timedelta(hours=n), "CacheSize": size}
        for n, size in ((2, "1.5 GB"), (1, "512 MB"))
    ]
    group = {
        "ReplicationGroupId": "g",
        "ClusterEnabled": True,
        "SnapshotRetentionLimit": 3,
        "NodeGroups": [{"NodeGroupMembers": [{"CacheClusterId": name} for name in ("g-1", "g-2")]}],
    }
    snapshot = {"SnapshotName": "s", "ReplicationGroupId": "g", "SnapshotStatus": "available", "NodeSnapshots": nodes}
    stage = Stage(
        {
            ("elasticache", "DescribeReplicationGroups"): {"ReplicationGroups": [group]},
            ("elasticache", "DescribeSnapshots"): {"Snapshots": [snapshot]},
        },
        found("g-1", "cache"),
        found("g-2", "cache"),
    )
    readings = await one_pass(stage.collector)
    (copy,) = last(readings, "g-1").copies
    assert (copy.taken, copy.bytes) == (NOW - timedelta(hours=2), 2 << 30)
    assert last(readings, "g-1").tasks == ()  # with shards no node is named
    assert last(readings, "g-2").kept_by == "g-1"


async def test_of_many_tables_a_few_are_asked_about_in_each_pass_and_all_in_the_end() -> None:
    enabled = {"PointInTimeRecoveryStatus": "ENABLED", "LatestRestorableDateTime": NOW}
    told = {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": enabled}}
    tables = [found(f"t{n:03}", "table", arn=f"t{n}") for n in range(70)]
    stage = Stage({("dynamodb", "DescribeContinuousBackups"): told}, *tables)
    seen = [{each.about for each in await one_pass(stage.collector)} for _ in range(2)]
    assert len(seen[0]) == 50
    assert len(seen[0] | seen[1]) == 70


async def test_no_odd_answer_breaks_a_pass() -> None:
    odd = [{}, None, 7, {"DBInstanceIdentifier": "orders"}, {"DBInstanceIdentifier": 5, "Status": []}]
    rows = ("DBInstances", "DBSnapshots", "DBInstanceAutomatedBackups")
    jobs = ("BackupJobs", "CopyJobs", "RestoreJobs", "Results", "BackupVaultList", "RecoveryPoints")
    strange = [
        *odd,
        {"ResourceArn": ARN, "SourceResourceArn": ARN, "State": 4, "PercentDone": "x", "CreationDate": "now"},
    ]
    answers: Answers = {
        **{("rds", f"Describe{name}"): {name: odd} for name in rows},
        **{("backup", name): dict.fromkeys(jobs, strange) for name in ("ListBackupJobs", "ListCopyJobs")},
        **{("backup", name): dict.fromkeys(jobs, strange) for name in ("ListRestoreJobs", "ListProtectedResources")},
        ("backup", "ListBackupVaults"): {"BackupVaultList": [VAULT, {}]},
        ("backup", "ListRecoveryPointsByBackupVault"): {"RecoveryPoints": strange},
        ("kms", "DescribeKey"): {"KeyMetadata": None},
    }
    assert last(await one_pass(Stage(answers).collector)).copies == ()
