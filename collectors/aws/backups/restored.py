"""Who was restored lately, as RDS's events tell it? Each proves that a backup could be read.

The event is about the instance that was made, which may be gone again; what it was made from is in its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from collectors.aws.answers import Answer, text, within
from collectors.aws.backups.questions import SELDOM, Question
from collectors.aws.backups.sheet import Sheet, moment
from collectors.inside.backups import Proof
from collectors.safe import Safe, sanitise

KEPT_MINUTES = 14 * 24 * 60  # by AWS
RESTORED = Question(
    "rds",
    "DescribeEvents",
    "Events",
    SELDOM,
    (("SourceType", "db-instance"), ("EventCategories", ("restoration",)), ("Duration", KEPT_MINUTES)),
)
TOLD_BY = Safe("RDS events")
FROM_SNAPSHOT = re.compile(r"Restored from snapshot (\S+?)\.?\s*$", re.IGNORECASE)  # RDS-EVENT-0043
TO_A_TIME = re.compile(r"Restored from DB instance (\S+) to (\S+?)\.?\s*$", re.IGNORECASE)  # RDS-EVENT-0019
OF_A_NIGHT = re.compile(r"rds:(.+)-\d{4}-\d\d-\d\d-\d\d-\d\d")


def by_source(rows: Iterable[Answer], snapshots: Iterable[Answer]) -> dict[str, list[Answer]]:
    """Events by the instance whose backup it was. Those that do not tell, and cannot be found out, are left out."""
    taken_of = {text(row, "DBSnapshotIdentifier"): text(row, "DBInstanceIdentifier") for row in snapshots}
    found: dict[str, list[Answer]] = {}
    for row in rows:
        if source := _source(text(row, "Message"), taken_of):
            found.setdefault(source, []).append(row)
    return found


def restored(sheet: Sheet, answers: Iterable[Answer]) -> None:
    sheet.proofs += [proof for answer in answers for proof in _proofs(answer)]


def _source(message: str, taken_of: Mapping[str, str]) -> str:
    if to_a_time := TO_A_TIME.search(message):
        return to_a_time[1]
    if (from_snapshot := FROM_SNAPSHOT.search(message)) is None:
        return ""
    name = from_snapshot[1]
    of_a_night = OF_A_NIGHT.fullmatch(name)
    return taken_of.get(name) or (of_a_night[1] if of_a_night else "")


def _proofs(answer: Answer) -> Iterator[Proof]:
    when, made = moment(within(answer, "Date")), text(answer, "SourceIdentifier")
    if when is None:
        return
    from_snapshot = FROM_SNAPSHOT.search(text(answer, "Message"))
    how = Safe("RDS restore from a snapshot") if from_snapshot else Safe("RDS restore to a point in time")
    of = f"{from_snapshot[1]}, as {made}" if from_snapshot else f"as {made}"
    yield Proof(when=when, how=how, source=sanitise(of), told_by=TOLD_BY)
