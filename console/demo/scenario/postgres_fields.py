"""Which observables of a PostgreSQL may a scenario set, of which machine, and what may each of them be?"""

from __future__ import annotations

from datetime import datetime

from collectors.postgres.positions import position
from console.demo.inventory import Machine
from console.demo.scenario.script import Given, Missing, Setting

FAMILY = "postgres"
OF_A_COPY = ("receive_lsn", "replay_lsn", "last_msg_receipt_time", "last_xact_replay_timestamp", "wal_receiver_status")
OF_A_PRIMARY = ("current_lsn",)
SLOT = ("active", "inactive_since", "retained_bytes", "wal_status")
READ = (
    *(f"{FAMILY}.{name}" for name in (*OF_A_COPY, *OF_A_PRIMARY, "streaming_replicas")),
    *(f"{FAMILY}.slot.*.{column}" for column in SLOT),
)
"""The keys that a collector reads; the others of the table say that none does yet."""


def misplaced(name: str, machine: Machine) -> str:
    """What keeps this machine from having it; empty where it may be set."""
    field = name.removeprefix(f"{FAMILY}.")
    if machine.engine != "postgres":
        return f"{machine.id} is no PostgreSQL"
    if field in OF_A_COPY and machine.source is None:
        return f"{machine.id} follows nobody, and so has no {field}"
    if field in OF_A_PRIMARY and machine.source is not None:
        return f"{machine.id} follows {machine.source}, and so has no {field}"
    return ""


def fault_of(name: str, setting: Setting) -> str:
    """What is wrong with a value; empty for one that the observable may have."""
    field = name.rpartition(".")[2]
    if isinstance(setting, Missing):
        return ""
    value = setting.value if isinstance(setting, Given) else None
    if field.endswith("_lsn"):
        return "" if isinstance(position(value), int) and isinstance(value, str) else "is no position such as 16/B374D8"
    if field in ("last_msg_receipt_time", "last_xact_replay_timestamp", "inactive_since"):
        return "" if isinstance(value, datetime) else "is no time"
    if field in ("wal_receiver_status", "wal_status"):
        return "" if isinstance(value, str) and value else "is no text"
    if field == "active":
        return "" if isinstance(value, bool) or value in (0, 1) else "is neither true nor false"
    is_number = not isinstance(setting, Given) or (isinstance(value, int | float) and not isinstance(value, bool))
    return "" if is_number else "is not a number"
