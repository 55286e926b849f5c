"""Which native backups and restores were the demo's SQL Servers told to do? Each week, or each day, at its hour."""

from __future__ import annotations

import math
from dataclasses import dataclass

from console.demo.load import DAY
from console.demo.noise import key, uniform
from console.demo.sqlserver.moment import Moment
from console.demo.sqlserver.said import told
from console.demo.sqlserver.shop import NUMBERED
from console.demo.sqlserver.stored import stored

KEPT_DAYS = 36  # as long as RDS lists them
SUNDAY = 3  # 1970 began on a Thursday
DAILY = "billing"  # its auditors want a file of their own each day
RESTORES = "reporting"  # is filled from a copy of another database, once a month
BUCKET = "arn:aws:s3:::resilient-database-backups"
DENIED = "Aborted the task because of a task failure: Access Denied"  # what a bucket's policy leads to
UPDATED_S = 120.0  # RDS looks how far a task is every two minutes


@dataclass(frozen=True, slots=True)
class NativeTask:
    """Times are seconds since 1970; ``ends`` may be to come."""

    id: int
    kind: str
    database: str
    source: str
    begins: float
    ends: float
    is_done: bool
    error: str = ""

    def row(self, moment: Moment) -> dict[str, object]:
        looked = self.ends if self.is_done else max(self.begins, math.floor(moment.t / UPDATED_S) * UPDATED_S)
        percent = 100 if self.is_done else int(100 * (looked - self.begins) / (self.ends - self.begins))
        offset = moment.node.clock_offset_s
        return {
            "task_id": self.id,
            "task_type": self.kind,
            "database_name": self.database,
            "% complete": percent,
            "duration(mins)": int((looked - self.begins) / 60),
            "lifecycle": "ERROR" if self.error else "SUCCESS" if self.is_done else "IN_PROGRESS",
            "task_info": self.error or f"[{told(self.begins)}] Task execution has started.",
            "last_updated": told(looked + offset),
            "created_at": told(self.begins + offset),
            "S3_object_arn": f"{BUCKET}/{self.source}-{told(self.begins):%Y%m%d}.bak",
            "overwrite_s3_backup_file": 0,
            "KMS_master_key_arn": None,
            "filepath": None,
            "overwrite_file": None,
        }


def tasks(moment: Moment) -> list[NativeTask]:
    """Of the last 36 days, the oldest first. A replica is told to do none."""
    machine = moment.model.machines[moment.about]
    if machine.source is not None:
        return []
    today = math.floor(moment.t / DAY)
    app, found = machine.app.rstrip(NUMBERED), []
    for day in range(today - KEPT_DAYS + 1, today + 1):
        kind = _kind(app, day)
        begins = day * DAY + _hour(app, kind) * 3600
        if kind and begins <= moment.t:
            ends = begins + 60 * (25 + 30 * uniform(key(moment.about, "task"), day))
            main = stored(machine).main
            found.append(
                NativeTask(
                    id=day - 18_000,  # one a day at most: a number that only grows
                    kind=kind,
                    database=f"{main}_tried" if kind == "RESTORE_DB" else main,
                    source=main,
                    begins=begins,
                    ends=ends,
                    is_done=ends <= moment.t,
                )
            )
    failing = moment.model.since(moment.about, "native-backup-failed", moment.t)
    if failing is not None:
        begins, main = moment.t - failing, stored(machine).main
        found.append(NativeTask(today - 17_999, "BACKUP_DB", main, main, begins, begins, is_done=True, error=DENIED))
    return found


def _kind(app: str, day: int) -> str:
    if app == RESTORES and day % 28 == SUNDAY + 1:
        return "RESTORE_DB"
    return "BACKUP_DB" if app == DAILY or day % 7 == SUNDAY else ""


def _hour(app: str, kind: str) -> float:
    """In the morning, when somebody is there to look; what is written each week by night."""
    return 9.75 if app == DAILY else 8.0 if kind == "RESTORE_DB" else 1.0
