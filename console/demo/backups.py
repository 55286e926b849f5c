"""When is a machine backed up, and what could be restored? A snapshot each night, and the log every five minutes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from console.demo.inventory import Machine
from console.demo.load import DAY
from console.demo.noise import key, uniform

NIGHT = 3 * 3600.0
LOG_STEP = 300.0


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """Times are seconds since 1970."""

    source: int
    snapshots: bool
    point_in_time: bool
    upload: float  # how long after its end a piece of the log can be restored
    log_step: float
    restore_proved: float | None

    @classmethod
    def of(cls, seed: int, start: float, machine: Machine) -> BackupPlan:
        source = key(seed, machine.id, "backup")
        weeks = 1 + math.floor(5 * uniform(source, 0))  # before the play: nobody proves a restore during it
        proved = machine.kind in ("instance", "cluster") and machine.retention_days > 0
        return cls(
            source=source,
            snapshots=machine.kind != "table" and machine.retention_days > 0,
            point_in_time=machine.kind != "cache",
            upload=300.0 if machine.kind == "table" else 40 + 200 * uniform(source, 2),
            log_step=1.0 if machine.kind == "table" else LOG_STEP,
            restore_proved=(start // DAY - 7 * weeks) * DAY + 4.5 * 3600 if proved else None,
        )

    def night(self, day: int) -> tuple[float, float]:
        """When the backup of a day begins and ends."""
        begins = day * DAY + NIGHT + 60.0 * math.floor(30 * uniform(self.source, 3 * day + 5))
        return begins, begins + 480 + 1080 * uniform(self.source, 3 * day + 6)

    def running(self, t: float) -> bool:
        begins, ends = self.night(math.floor(t / DAY))
        return self.snapshots and begins <= t < ends

    def newest_snapshot(self, t: float) -> float | None:
        if not self.snapshots:
            return None
        today = math.floor(t / DAY)
        return self.night(today)[0] if self.night(today)[1] <= t else self.night(today - 1)[0]

    def log_until(self, t: float) -> float:
        """The end of the last piece of log that was whole by then."""
        return math.floor(t / self.log_step) * self.log_step

    def restorable_until(self, t: float) -> float | None:
        if not self.point_in_time:
            return None
        return self.log_until(t - self.upload)
