"""How far back can a table be restored, and which backups of it are kept?"""

from __future__ import annotations

from collectors.aws.answers import Answer, shown, text, within
from collectors.aws.backups.questions import SELDOM, Question
from collectors.aws.backups.sheet import Sheet, moment
from collectors.inside.backups import Copy, Kind, Outcome
from collectors.safe import NO_TEXT, sanitise

CONTINUOUS = Question("dynamodb", "DescribeContinuousBackups", "")  # asked for each table: AWS has no other way
BACKUPS = Question("dynamodb", "ListBackups", "BackupSummaries", SELDOM, (("BackupType", "ALL"),))
MOST_A_PASS = 50  # AWS takes ten a second

KINDS = {"USER": Kind.MANUAL, "SYSTEM": Kind.AUTOMATED, "AWS_BACKUP": Kind.AWS_BACKUP}
OUTCOMES = {"AVAILABLE": Outcome.DONE, "CREATING": Outcome.RUNNING}


def continuous(sheet: Sheet, answer: Answer) -> None:
    told = within(answer, "ContinuousBackupsDescription", "PointInTimeRecoveryDescription") or {}
    state = text(told, "PointInTimeRecoveryStatus")
    if not state:
        return
    sheet.point_in_time = state == "ENABLED"
    days = within(told, "RecoveryPeriodInDays")
    sheet.keep_days(
        (35 if days is None else days) if sheet.point_in_time else 0
    )  # 35 was AWS's before one could choose
    if sheet.point_in_time:
        sheet.earliest = moment(within(told, "EarliestRestorableDateTime"))
        sheet.restorable_until = moment(within(told, "LatestRestorableDateTime"))


def backup(sheet: Sheet, answer: Answer) -> None:
    state, arn, taken = (
        text(answer, "BackupStatus"),
        text(answer, "BackupArn"),
        within(answer, "BackupCreationDateTime"),
    )
    begun = moment(taken)
    if state == "DELETED" or not arn or begun is None:
        return
    size = within(answer, "BackupSizeBytes")
    outcome = OUTCOMES.get(state, Outcome.FAILED)
    sheet.copies.setdefault(
        arn,
        Copy(
            name=shown(answer, "BackupName"),
            kind=KINDS.get(text(answer, "BackupType"), Kind.MANUAL),
            taken=begun,
            outcome=outcome,
            bytes=size if isinstance(size, int) else None,
            expires=moment(within(answer, "BackupExpiryDateTime")),
            why=sanitise(f"DynamoDB says: {state}") if outcome is Outcome.FAILED else NO_TEXT,
        ),
    )
