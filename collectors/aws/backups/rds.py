"""How are instances and clusters backed up? By the night's snapshots and the log, as RDS tells of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from collectors.aws.answers import Answer, account_of, many, shown, text, within
from collectors.aws.backups.questions import ABROAD, SELDOM, Question, Rows
from collectors.aws.backups.sheet import Sheet, moment
from collectors.inside.backups import Copy, Elsewhere, Kind, Outcome
from collectors.safe import NO_TEXT, Safe, sanitise

INSTANCES = Question("rds", "DescribeDBInstances", "DBInstances")
CLUSTERS = Question("rds", "DescribeDBClusters", "DBClusters")
SNAPSHOTS = Question("rds", "DescribeDBSnapshots", "DBSnapshots")
CLUSTER_SNAPSHOTS = Question("rds", "DescribeDBClusterSnapshots", "DBClusterSnapshots")
OF_AWS_BACKUP = (("SnapshotType", "awsbackup"),)  # which are left out where no type is asked for
VAULTED = Question("rds", "DescribeDBSnapshots", "DBSnapshots", SELDOM, OF_AWS_BACKUP)
VAULTED_CLUSTERS = Question("rds", "DescribeDBClusterSnapshots", "DBClusterSnapshots", SELDOM, OF_AWS_BACKUP)
AUTOMATED = Question("rds", "DescribeDBInstanceAutomatedBackups", "DBInstanceAutomatedBackups")

KINDS = {"automated": Kind.AUTOMATED, "awsbackup": Kind.AWS_BACKUP}
OUTCOMES = {"available": Outcome.DONE, "creating": Outcome.RUNNING, "copying": Outcome.RUNNING}
GONE = re.compile("delet")
UNREADABLE = re.compile("inaccessible-encryption-credentials")
Names = Mapping[tuple[str, str], Safe]  # ids, by kind and AWS's own name


def abroad(region: str) -> Question:
    """What another region keeps, asked there."""
    return Question(AUTOMATED.service, AUTOMATED.operation, AUTOMATED.key, ABROAD, region=region)


def instance(sheet: Sheet, answer: Answer, names: Names) -> None:
    sheet.keep_days(within(answer, "BackupRetentionPeriod"))
    sheet.window = shown(answer, "PreferredBackupWindow")
    sheet.restorable_until = moment(within(answer, "LatestRestorableTime"))
    _encrypted_by(sheet, answer, "DBInstanceStatus")
    if cluster := text(answer, "DBClusterIdentifier"):
        sheet.kept_by = names.get(("cluster", cluster), sanitise(cluster))
    elif not sheet.retention_s:
        sheet.kept_by = _source(answer, names)
    sheet.point_in_time = None if sheet.retention_s is None else sheet.retention_s > 0
    if sheet.kept_by:
        sheet.restorable_until, sheet.point_in_time = None, None  # to be asked of the other


def cluster(sheet: Sheet, answer: Answer) -> None:
    sheet.keep_days(within(answer, "BackupRetentionPeriod"))
    sheet.window = shown(answer, "PreferredBackupWindow")
    sheet.earliest = moment(within(answer, "EarliestRestorableTime"))
    sheet.restorable_until = moment(within(answer, "LatestRestorableTime"))
    sheet.point_in_time = None if sheet.retention_s is None else sheet.retention_s > 0
    _encrypted_by(sheet, answer, "Status")


def snapshot(sheet: Sheet, answer: Answer, name: str, now: datetime) -> None:
    """``name`` is how the kind calls its identifier. The size of the volume is not told: it is not the snapshot's."""
    state, called = text(answer, "Status"), text(answer, name)
    if GONE.search(state) or not called:
        return
    taken = within(answer, "OriginalSnapshotCreateTime") or within(answer, "SnapshotCreateTime")
    outcome = OUTCOMES.get(state, Outcome.FAILED)
    percent = within(answer, "PercentProgress")
    sheet.copies.setdefault(
        called,
        Copy(
            name=sanitise(called),
            kind=KINDS.get(text(answer, "SnapshotType"), Kind.MANUAL),
            taken=moment(taken) or now,
            outcome=outcome,
            percent=percent if outcome is Outcome.RUNNING and isinstance(percent, int) else None,
            encrypted=_flag(answer, "Encrypted", "StorageEncrypted"),
            why=sanitise(f"RDS says: {state}") if outcome is Outcome.FAILED else NO_TEXT,
        ),
    )


def replicated_to(rows: Iterable[Answer], own: str) -> set[str]:
    """The other regions that automated backups are kept in too, by their ARNs."""
    copies = (copy for row in rows for copy in many(row, "DBInstanceAutomatedBackupsReplications"))
    return {region for copy in copies if (region := _region(_arn(copy))) and region != own}


def automated(sheet: Sheet, answer: Answer, kept_abroad: Mapping[str, Rows]) -> None:
    """``kept_abroad``: what each other region answered. One that did not is told as not seen."""
    sheet.earliest = moment(within(answer, "RestoreWindow", "EarliestTime")) or sheet.earliest
    for copy in many(answer, "DBInstanceAutomatedBackupsReplications"):
        arn = _arn(copy)
        region = _region(arn)
        if not region or region == sheet.found.place.region:
            continue
        there = next((row for row in kept_abroad.get(region, ()) if text(row, _ARN) == arn), None)
        state = shown(there, "Status") if there else Safe("not seen")
        until = moment(within(there, "RestoreWindow", "LatestTime")) if there else None
        sheet.elsewhere.append(Elsewhere(where(arn, sheet), state, until))


def where(arn: str, sheet: Sheet) -> Safe:
    """The region, and the account where that is another."""
    account = account_of(arn)
    other = f", account {account}" if account and account != account_of(sheet.found.arn) else ""
    return sanitise(f"{_region(arn)}{other}")


def own_rows(rows: Iterable[Answer], name: str) -> Iterator[tuple[str, Answer]]:
    """Each with what it is about."""
    return ((text(row, name), row) for row in rows)


_ARN = "DBInstanceAutomatedBackupsArn"


def _arn(copy: Answer) -> str:
    return text(copy, _ARN)


def _region(arn: str) -> str:
    parts = arn.split(":", 5)
    return parts[3] if len(parts) == 6 else ""


def _encrypted_by(sheet: Sheet, answer: Answer, status: str) -> None:
    if key := text(answer, "KmsKeyId"):
        sheet.keys.add(key)
    if UNREADABLE.match(text(answer, status)):
        sheet.key = sanitise(f"cannot be used: {text(answer, status)}")


def _source(answer: Answer, names: Names) -> Safe:
    """Of another region it is told as an ARN."""
    for kind, field in (("instance", "DBInstance"), ("cluster", "DBCluster")):
        if told := text(answer, f"ReadReplicaSource{field}Identifier"):
            name = told.rpartition(":")[2]
            return names.get((kind, name), sanitise(name)) if name == told else sanitise(f"{name}@{_region(told)}")
    return NO_TEXT


def _flag(answer: Answer, *names: str) -> bool | None:
    return next((told for name in names if isinstance(told := within(answer, name), bool)), None)
