"""Which observables may a scenario set? Those of the table, as far as something reads them here."""

from __future__ import annotations

import csv
import re
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from collectors.aws.metrics import metrics
from collectors.redis.info import is_read
from collectors.sqlserver.core_counters import core
from console.demo.inventory import Machine
from console.demo.mysql import set_keys as mysql
from console.demo.scenario import postgres_fields
from console.demo.scenario.causes import CAUSES
from console.demo.scenario.fields import fields
from console.demo.scenario.session_fields import LAST_ID, is_session
from console.demo.scenario.statement_fields import FIELDS, TEXT, is_field
from console.demo.sqlserver.agent import JOBS
from console.demo.sqlserver.stored import stored

NAMESPACES = {"instance": "AWS/RDS", "cluster": "AWS/RDS", "cache": "AWS/ElastiCache", "table": "AWS/DynamoDB"}
INSIDE = ("wait", "waiting", "server", "session", "counter", "file", "scheduler", "statement", "job")  # of a SQL Server
READ = ("cloudwatch", "api", "replica", "failover", *INSIDE)  # first parts of keys
READ_ALONE = (
    "backup.last_snapshot",
    "database.*.agent_jobs",
    "database.*.is_log_chain_broken",
    "database.*.mirroring_state",
    "redis.FIELD",
    "database.*.state_desc",
    "database.*.recovery_model_desc",
    "database.*.log_reuse_wait_desc",
    "database.*.used_log_space_in_percent",
    *mysql.READ,
    *postgres_fields.READ,
)
READ_IN_PART = ("mysql",)  # first parts of keys of which some are read


class Unknown(ValueError):  # noqa: N818 - it says what is not known
    """``near``: names that were perhaps meant."""

    def __init__(self, what: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(what)
        self.near = near


@cache
def table() -> tuple[str, ...]:
    """Every key, with `*` and capital words where a name stands."""
    text = (files("console.demo.scenario") / "observables.csv").read_text(encoding="utf-8")
    return tuple(row["key"] for row in csv.DictReader(text.splitlines()))


def is_observable(name: str) -> bool:
    return any(_fits(pattern, name) for pattern in table())


def check(name: str, machine: Machine) -> None:
    """Raises `Unknown` for a key that no collector of this machine would ever see."""
    family, _, rest = name.partition(".")
    if not is_observable(name):
        raise Unknown(f"{name!r} is no observable", nearest(name, machine))
    if family not in READ and not any(_fits(pattern, name) for pattern in READ_ALONE):
        what = name if family in READ_IN_PART else family
        raise Unknown(f"{name!r} has no collector yet: what reads {what} comes later")
    sql_server = machine.engine.startswith("sqlserver")
    match family:
        case "cloudwatch" if (NAMESPACES[machine.kind], rest) not in metrics():
            raise Unknown(f"{NAMESPACES[machine.kind]} has no metric {rest!r} for {machine.id}", nearest(name, machine))
        case "api" if rest not in fields(machine.kind):
            raise Unknown(f"no describe call of {machine.id} has a field {rest!r}", nearest(name, machine))
        case "database" | _ if family in (*INSIDE, "database"):
            _check_inside(name, machine)
        case "replica" if not sql_server or not (machine.source or machine.standby_az):
            raise Unknown(f"{machine.id} is no replica of a SQL Server, and has no standby")
        case "failover" if not (CAUSES["failover"].fits(machine) or machine.source):
            raise Unknown(f"{machine.id} has nobody who could take over, and is no replica to be promoted")
        case "redis" | "mysql" | "postgres" if wrong := _of_another_engine(name, machine):
            raise Unknown(wrong)
        case "backup" if not machine.retention_days:
            raise Unknown(f"{machine.id} is not backed up: what it follows or belongs to is")


def _of_another_engine(name: str, machine: Machine) -> str:
    """Why nobody would see it; empty where somebody does."""
    family, _, rest = name.partition(".")
    match family:
        case "redis" if machine.kind != "cache":
            return f"{machine.id} is no cache"
        case "redis" if not is_read(rest):
            return f"{name!r} has no collector yet: nothing reads that field of INFO"
        case "mysql":
            return mysql.unseen(rest, machine)
        case "postgres":
            return postgres_fields.misplaced(name, machine)
    return ""


def _check_inside(name: str, machine: Machine) -> None:
    """What a SQL Server alone tells of itself: its waits, sessions, counters, files, databases and statements."""
    family, _, rest = name.partition(".")
    if not machine.engine.startswith("sqlserver"):
        what = "counts no waits" if family in ("wait", "waiting") else f"nothing else is asked for a {family} yet"
        raise Unknown(f"{machine.id} is no SQL Server, and {what}")
    if family == "session" and not is_session(rest.partition(".")[0]):
        raise Unknown(f"{rest.partition('.')[0]!r} is no user's session: a number from 51 to {LAST_ID} is")
    if family == "statement" and not is_field(rest.rpartition(".")[2]):
        raise Unknown(f"{rest!r} is nothing of a statement: {', '.join((*FIELDS, TEXT))} can be set")
    if name.endswith(".mirroring_state") and not machine.standby_az:
        raise Unknown(f"{machine.id} has no standby to be mirrored to")
    if family in ("counter", "file", "database", "job"):
        _check_named(name, machine)


def _check_named(name: str, machine: Machine) -> None:
    family, _, rest = name.partition(".")
    named = rest if family == "counter" else rest.rpartition(".")[0]
    there = {
        "counter": {one.name for one in core().values()},
        "file": {file.name for file in stored(machine).files},
        "database": set(stored(machine).databases.values()),
        "job": {name for name, _, _ in JOBS},
    }[family]
    if named not in there:
        near = get_close_matches(named, there, n=3)
        raise Unknown(f"{machine.id} has no {family} {named!r}", tuple(name.replace(named, each) for each in near))


def nearest(name: str, machine: Machine) -> tuple[str, ...]:
    """Up to three that are there."""
    known = [f"cloudwatch.{metric}" for namespace, metric in metrics() if namespace == NAMESPACES[machine.kind]]
    if name.startswith("api."):
        known += [f"api.{field}" for field in fields(machine.kind)]
    known += [key for key in table() if "*" not in key and key.partition(".")[0] in READ]
    lower = {each.lower(): each for each in known}
    return tuple(lower[each] for each in get_close_matches(name.lower(), lower, n=3, cutoff=0.6))


def _fits(pattern: str, name: str) -> bool:
    """`cloudwatch.METRIC` and `session.*.status` are patterns; a capital word stands for any name, dots and all."""
    expression = re.escape(pattern).replace(r"\*", r"[^.]+")
    return re.fullmatch(re.sub(r"(?<=\.)[A-Z]{2,}(?=$|\\\.)", ".+", expression), name) is not None
