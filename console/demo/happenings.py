"""What happened between two times, as RDS or the server's log would tell it?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from collectors.readings import ResourceId, Severity
from collectors.safe import sanitise
from console.demo.backups import BackupPlan
from console.demo.inventory import Machine
from console.demo.load import DAY
from console.demo.noise import key, uniform

TUESDAY = 5  # of the days since 1970, by sevens
DRILL_S = 9.4 * 3600
RESTORED = "Restored from snapshot"
VACUUM_SLOT_S = 1500.0
CHANGE_SLOT_S = 4 * 3600.0
BACKUP_TEXTS = {  # as the services word them
    "instance": ("Backing up DB instance", "Finished DB Instance backup"),
    "cluster": ("Creating automated cluster snapshot", "Automated cluster snapshot created"),
    "cache": ("Creating automatic snapshot", "Snapshot succeeded for automatic snapshot"),
}
TABLES = ("price", "product", "stock_level", "review", "product_media")
PARAMETERS = ("cost threshold for parallelism", "max degree of parallelism", "optimize for ad hoc workloads")


@dataclass(frozen=True, slots=True)
class Happening:
    t: float
    machine: Machine
    text: str
    severity: Severity
    source: str
    of_group: bool = False  # it is about the replication group of the machine


def happenings(seed: int, machine: Machine, plan: BackupPlan, since: float, until: float) -> list[Happening]:
    """After ``since`` and up to ``until``, in their order."""
    found = [*_backups(machine, plan, since, until), *_changes(seed, machine, since, until)]
    found += _drills(machine, plan, since, until)
    if machine.engine == "aurora-postgresql" and machine.role == "writer":
        found += _vacuums(seed, machine, since, until)
    return sorted((h for h in found if since < h.t <= until), key=lambda h: h.t)


def _backups(machine: Machine, plan: BackupPlan, since: float, until: float) -> Iterator[Happening]:
    if not plan.snapshots:
        return
    begun, finished = BACKUP_TEXTS[machine.kind]
    teller = "elasticache" if machine.kind == "cache" else "rds"
    for day in range(math.floor(since / DAY), math.floor(until / DAY) + 1):
        begins, ends = plan.night(day)
        yield Happening(begins, machine, begun, Severity.INFO, teller)
        yield Happening(ends, machine, finished, Severity.INFO, teller)


def _drills(machine: Machine, plan: BackupPlan, since: float, until: float) -> Iterator[Happening]:
    """Each Tuesday its team makes an instance of the night's snapshot, looks into it and deletes it."""
    if machine.engine != "postgres" or not plan.snapshots:
        return
    made = replace(machine, id=ResourceId(sanitise(f"{machine.id}-drill")))
    for day in range(math.floor(since / DAY), math.floor(until / DAY) + 1):
        if day % 7 == TUESDAY:
            night = datetime.fromtimestamp(plan.night(day)[0], UTC)
            text = f"{RESTORED} rds:{machine.id}-{night:%Y-%m-%d-%H-%M}"
            yield Happening(day * DAY + DRILL_S, made, text, Severity.INFO, "rds")


def _changes(seed: int, machine: Machine, since: float, until: float) -> Iterator[Happening]:
    if not machine.engine.startswith("sqlserver"):
        return
    source = key(seed, machine.id, "changes")
    for slot in range(math.floor(since / CHANGE_SLOT_S), math.floor(until / CHANGE_SLOT_S) + 1):
        if uniform(source, 3 * slot) < 0.12:
            parameter = PARAMETERS[math.floor(len(PARAMETERS) * uniform(source, 3 * slot + 1))]
            t = CHANGE_SLOT_S * (slot + uniform(source, 3 * slot + 2))
            text = f"Updated parameter {parameter} with apply method immediate"
            yield Happening(t, machine, text, Severity.INFO, "rds")


def _vacuums(seed: int, machine: Machine, since: float, until: float) -> Iterator[Happening]:
    source = key(seed, machine.id, "vacuum")
    for slot in range(math.floor(since / VACUUM_SLOT_S), math.floor(until / VACUUM_SLOT_S) + 1):
        table = TABLES[math.floor(len(TABLES) * uniform(source, 3 * slot))]
        removed = 400 + math.floor(30_000 * uniform(source, 3 * slot + 1))
        text = f'automatic vacuum of table "catalogue.public.{table}": {removed} dead row versions removed'
        t = VACUUM_SLOT_S * (slot + uniform(source, 3 * slot + 2))
        yield Happening(t, machine, text, Severity.INFO, "postgresql")
