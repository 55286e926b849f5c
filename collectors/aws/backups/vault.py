"""What does AWS Backup keep of a resource, what did its jobs come to, and which restores of it were tried?

A job that failed is told twice: as the work it was, and as the copy there is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from collectors.aws.answers import Answer, account_of, shown, text, within
from collectors.aws.backups.questions import SELDOM, Question
from collectors.aws.backups.rds import where
from collectors.aws.backups.sheet import LOOKED_BACK, Sheet, moment
from collectors.inside.backups import Copy, Elsewhere, Kind, Outcome, Proof, Task
from collectors.safe import NO_TEXT, Safe, sanitise

JOBS = Question("backup", "ListBackupJobs", "BackupJobs", SELDOM)
COPIES = Question("backup", "ListCopyJobs", "CopyJobs", SELDOM)
RESTORES = Question("backup", "ListRestoreJobs", "RestoreJobs", SELDOM)
PROTECTED = Question("backup", "ListProtectedResources", "Results", SELDOM)
VAULTS = Question("backup", "ListBackupVaults", "BackupVaultList", SELDOM)
POINTS = Question("backup", "ListRecoveryPointsByBackupVault", "RecoveryPoints", SELDOM)

TOLD_BY = Safe("AWS Backup")
RUNNING = ("CREATED", "PENDING", "RUNNING")
POINT_OUTCOMES = {"COMPLETED": Outcome.DONE, "AVAILABLE": Outcome.DONE, "CREATING": Outcome.RUNNING}
UNDECIDED = ("VALIDATING",)
HELD = ("SUCCESSFUL", "")  # nobody is made to look into what was restored


def points_in(vault: str) -> Question:
    return Question(POINTS.service, POINTS.operation, POINTS.key, SELDOM, (("BackupVaultName", vault),))


def point(sheet: Sheet, answer: Answer) -> None:
    """One that should have been deleted and was not is still there: AWS says of it that it has expired."""
    arn, state, taken = text(answer, "RecoveryPointArn"), text(answer, "Status"), _when(answer, "CreationDate")
    if not arn or taken is None or state == "DELETING":
        return
    size, encrypted = within(answer, "BackupSizeInBytes"), within(answer, "IsEncrypted")
    outcome = POINT_OUTCOMES.get(state, Outcome.FAILED)
    sheet.copies[key_of(sheet, arn)] = Copy(
        name=sanitise(tail(arn)),
        kind=Kind.AWS_BACKUP,
        taken=taken,
        outcome=outcome,
        bytes=size if isinstance(size, int) else None,
        encrypted=encrypted if isinstance(encrypted, bool) else None,
        expires=_when(answer, "CalculatedLifecycle", "DeleteAt"),
        why=_why(state, answer) if outcome is Outcome.FAILED else NO_TEXT,
    )
    if key := text(answer, "EncryptionKeyArn"):
        sheet.keys.add(key)


def jobs(sheet: Sheet, rows: Iterable[Answer], now: datetime) -> None:
    """Whoever asks knows all points of the resource by now: a job's that is none of them is lost."""
    for answer in rows:
        began = _when(answer, "CreationDate")
        if began is None or now - began > LOOKED_BACK:
            continue
        job = _task("backup", answer, "BackupJobId", "State")
        sheet.tasks.append(job)
        if job.outcome is Outcome.FAILED:
            sheet.copies[f"job {job.name}"] = _not_there(began, job.name, job.why)
        elif job.outcome is Outcome.DONE and _is_lost(sheet, answer, began, now):
            why = Safe("The job has completed, and its recovery point is no longer there.")
            sheet.copies[f"job {job.name}"] = _not_there(began, sanitise(tail(text(answer, "RecoveryPointArn"))), why)


def protected(sheet: Sheet, answer: Answer) -> None:
    """AWS remembers the last backup of what it protects, even where nothing of it is left in any vault."""
    last = _when(answer, "LastBackupTime")
    if last is not None and not any(copy.kind is Kind.AWS_BACKUP for copy in sheet.copies.values()):
        why = Safe("It was backed up then, and no recovery point of it is left.")
        sheet.copies["protected"] = _not_there(last, TOLD_BY, why)


def copied(sheet: Sheet, rows: Iterable[Answer], now: datetime) -> None:
    """Where copies of its recovery points are kept; for each place the newest that came there, and the last job."""
    newest: dict[Safe, tuple[datetime, Answer]] = {}
    arrived: dict[Safe, datetime] = {}
    for answer in rows:
        to, began = text(answer, "DestinationBackupVaultArn"), _when(answer, "CreationDate")
        if began is None or not to or not _is_elsewhere(to, sheet):
            continue
        place = where(to, sheet)
        newest[place] = max(newest.get(place, (began, answer)), (began, answer), key=lambda each: each[0])
        if text(answer, "State") == "COMPLETED":
            arrived[place] = max(arrived.get(place, began), began)
        if now - began <= LOOKED_BACK:
            sheet.tasks.append(_task("copy", answer, "CopyJobId", "State"))
    for place, (_, last) in newest.items():
        state = sanitise(f"copy {text(last, 'State').lower()}")
        sheet.elsewhere.append(Elsewhere(place, state, None, newest=arrived.get(place)))


def restored(sheet: Sheet, rows: Iterable[Answer], now: datetime) -> None:
    for answer in rows:
        job = _task("restore", answer, "RestoreJobId", "Status")
        if job.began is not None and now - job.began <= LOOKED_BACK:
            sheet.tasks.append(job)
        if (proof := _proof(answer, job)) is not None:
            sheet.proofs.append(proof)


def restored_of(answer: Answer) -> str:
    """The ARN of what a restore was of; jobs of long ago tell only the recovery point."""
    return text(answer, "SourceResourceArn")


def key_of(sheet: Sheet, arn: str) -> str:
    """A snapshot that RDS lists by its name is the same one; of a table DynamoDB lists the ARN."""
    return tail(arn) if sheet.found.kind in ("instance", "cluster") else arn


def tail(arn: str) -> str:
    """`arn:aws:rds:…:snapshot:awsbackup:job-17` is `awsbackup:job-17`"""
    parts = arn.split(":", 6)
    last = parts[6] if len(parts) == 7 else parts[-1]
    return last.rpartition("/")[2]


def _proof(answer: Answer, job: Task) -> Proof | None:
    """None of a restore that is under way, or whose result is being looked into. One that failed proves that too."""
    checked = text(answer, "ValidationStatus")
    if job.outcome is Outcome.RUNNING or job.ended is None or checked in UNDECIDED:
        return None
    is_test = bool(text(answer, "CreatedBy", "RestoreTestingPlanArn"))
    of, point_taken = tail(text(answer, "RecoveryPointArn")), _when(answer, "RecoveryPointCreationDate")
    done = job.outcome is Outcome.DONE
    took: timedelta | None = job.ended - job.began if job.began and done else None
    return Proof(
        when=job.ended,
        how=Safe("AWS Backup restore test") if is_test else Safe("AWS Backup restore"),
        source=sanitise(f"{of}, of {point_taken:%Y-%m-%d %H:%M} UTC" if point_taken else of),
        took_s=took.total_seconds() if took is not None else None,
        held=done and checked in HELD,
        told_by=TOLD_BY,
    )


def _task(what: str, answer: Answer, name: str, state_at: str) -> Task:
    state = text(answer, state_at)
    outcome = Outcome.DONE if state == "COMPLETED" else Outcome.RUNNING if state in RUNNING else Outcome.FAILED
    return Task(
        what=sanitise(what),
        name=shown(answer, name),
        outcome=outcome,
        began=_when(answer, "CreationDate"),
        ended=None if outcome is Outcome.RUNNING else _when(answer, "CompletionDate"),
        percent=_percent(text(answer, "PercentDone")) if outcome is Outcome.RUNNING else None,
        why=_why(state, answer) if outcome is Outcome.FAILED else NO_TEXT,
    )


def _percent(told: str) -> int | None:
    """`42.50%`"""
    try:
        return int(float(told.strip().rstrip("%")))
    except (ValueError, OverflowError):
        return None


def _why(state: str, answer: Answer) -> Safe:
    message = text(answer, "StatusMessage")
    return sanitise(f"{state.lower()}: {message}" if message else state.lower() or "AWS Backup does not say")


def _is_lost(sheet: Sheet, answer: Answer, began: datetime, now: datetime) -> bool:
    """Not one that was deleted when it was due."""
    arn, days = text(answer, "RecoveryPointArn"), within(answer, "RecoveryPointLifecycle", "DeleteAfterDays")
    is_due = isinstance(days, int) and days > 0 and now - began >= timedelta(days=days)
    return bool(arn) and key_of(sheet, arn) not in sheet.copies and not is_due


def _not_there(taken: datetime, name: Safe, why: Safe) -> Copy:
    return Copy(name=name, kind=Kind.AWS_BACKUP, taken=taken, outcome=Outcome.FAILED, why=why)


def _is_elsewhere(vault_arn: str, sheet: Sheet) -> bool:
    parts = vault_arn.split(":", 5)
    other = len(parts) == 6 and parts[3] != sheet.found.place.region
    return other or account_of(vault_arn) not in ("", account_of(sheet.found.arn))


def _when(answer: Answer, *path: str) -> datetime | None:
    return moment(within(answer, *path))
