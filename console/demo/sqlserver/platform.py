"""What does a server of the demo tell of itself, and what does it grant the console?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from collectors.database.rows import Rows
from console.demo.sqlserver.moment import Answer, Arguments, Moment
from console.demo.sqlserver.replicas import is_mirrored

EDITIONS = {"sqlserver-ee": ("Enterprise Edition (64-bit)", 3), "sqlserver-se": ("Standard Edition (64-bit)", 2)}
GRANTED = ("CONNECT SQL", "VIEW ANY DATABASE", "VIEW ANY DEFINITION", "VIEW SERVER STATE", "CONNECT ANY DATABASE")
KB_PER_GIB = 1024 * 1024


def _platform(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    machine = moment.model.machines[moment.about]
    edition, number = EDITIONS.get(machine.engine, ("Web Edition (64-bit)", 2))
    started = datetime.fromtimestamp(moment.node.started + moment.node.clock_offset_s, UTC).replace(tzinfo=None)
    columns = ("version", "edition", "edition_id", "node", "started", "has_rdsadmin", "has_rds_procedures")
    return (Rows(columns, ((machine.version, edition, number, moment.node.name, started, 1, 1),)),)


def _grants(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    return (Rows(("name",), tuple((name,) for name in GRANTED)),)


def _host(moment: Moment, _: Arguments) -> tuple[Rows, ...]:
    machine = moment.model.machines[moment.about]
    memory = int(machine.memory_gib * KB_PER_GIB)
    mirrored = int(is_mirrored(moment))
    replicated = int(machine.standby_az is not None and not mirrored)
    columns = ("cores", "memory_kb", "target_kb", "mirrored", "replicated")
    return (Rows(columns, ((machine.vcpus, memory, int(memory * 0.82), mirrored, replicated),)),)


ANSWERS: Mapping[str, Answer] = {"platform": _platform, "grants": _grants, "host": _host}
