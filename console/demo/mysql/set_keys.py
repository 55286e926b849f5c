"""What may a scenario set of a replica, and as what?"""

from __future__ import annotations

from collections.abc import Mapping

from console.demo.inventory import Machine
from console.demo.scenario.script import Given, Missing, Setting

ENGINES = ("mysql", "mariadb")
THREADS: Mapping[str, tuple[str, ...]] = {
    "Replica_IO_Running": ("Yes", "No", "Connecting"),
    "Replica_SQL_Running": ("Yes", "No"),
}
TEXTS = ("Last_IO_Error",)
NUMBERS = (
    *("Last_IO_Errno", "Seconds_Behind_Source", "applying_transaction_age_s"),
    *("busy_workers", "replica_parallel_workers"),
)
OF_MYSQL_ALONE = ("applying_transaction_age_s",)  # of performance_schema's tables of workers
READ = tuple(f"mysql.{field}" for field in (*THREADS, *TEXTS, *NUMBERS))


def unseen(field: str, machine: Machine) -> str:
    """Why no collector of this machine would ever see it; empty where one does."""
    if machine.engine not in ENGINES or machine.source is None:
        return f"{machine.id} is no replica of a MySQL or MariaDB server"
    if field in OF_MYSQL_ALONE and machine.engine != "mysql":
        return f"{machine.id} is no MySQL server, and no other tells of {field!r}"
    return ""


def fault_of(field: str, setting: Setting) -> str:
    """What is wrong with a value; empty for one that the field may hold."""
    if isinstance(setting, Missing):
        return ""
    value = setting.value if isinstance(setting, Given) else None
    if field in THREADS:
        return "" if value in THREADS[field] else f"must be one of {', '.join(THREADS[field])}"
    if field in TEXTS:
        return "" if isinstance(value, str) and value else "is no text"
    is_number = not isinstance(setting, Given) or (isinstance(value, int | float) and not isinstance(value, bool))
    return "" if is_number else "is not a number"
