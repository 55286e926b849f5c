"""Which causes does the model know, and how hard does each bear on a machine? What is seen of it, the model says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from collectors.readings import ResourceId
from console.demo.inventory import Machine
from console.demo.scenario.script import Script


@dataclass(frozen=True, slots=True)
class Need:
    """What a machine has, or the cause could not be seen of it."""

    says: str
    met: Callable[[Machine], bool]


NOTHING_MORE = Need("nothing more", lambda _: True)
VOLUME = Need("a volume of its own", lambda machine: machine.storage_gib > 0)
STANDBY = Need("a standby", lambda m: m.standby_az is not None or m.kind == "cluster" or _is_in_group(m))
BACKED_UP = Need("backups of its own", lambda machine: machine.retention_days > 0)
COPIED = Need("backups in another region", lambda machine: machine.engine == "sqlserver-ee" and machine.source is None)
SOURCE = Need("a source whose writes it applies", lambda m: m.source is not None and m.storage_type != "aurora")


@dataclass(frozen=True, slots=True)
class Cause:
    """``kinds`` and ``engines`` it can happen to; ``rises_s`` is how long it takes until it bears in full."""

    says: str
    kinds: tuple[str, ...]
    engines: str = "*"
    needs: Need = NOTHING_MORE
    rises_s: float = 60.0

    def fits(self, machine: Machine) -> bool:
        return machine.kind in self.kinds and fnmatchcase(machine.engine, self.engines) and self.needs.met(machine)


DATABASE, SERVER, ANYTHING = ("instance",), ("instance", "cache"), ("instance", "cache", "table")
FAILS_OVER = ("instance", "cluster", "cache")
SNAPPED, VAULTED = ("instance", "cluster", "cache"), ("instance", "cluster", "table")
ALL = (*ANYTHING, "cluster")

OF_BACKUPS: Mapping[str, Cause] = {  # seen in what AWS tells of them, and in no metric
    "snapshot-failed": Cause("a snapshot fails now, and each night's after it", SNAPPED, needs=BACKED_UP, rises_s=0),
    "snapshot-stalled": Cause("what is made by hand stands still", ALL, needs=BACKED_UP, rises_s=0),
    "snapshot-empty": Cause("a backup is taken now with nothing in it", ALL, needs=BACKED_UP, rises_s=0),
    "backup-job-failed": Cause("a job of AWS Backup fails now", VAULTED, needs=BACKED_UP, rises_s=0),
    "recovery-point-expired": Cause(
        "the newest recovery point of AWS Backup is gone, the one before has expired",
        VAULTED,
        needs=BACKED_UP,
        rises_s=0,
    ),
    "copy-behind": Cause("the backups in another region stand still", DATABASE, needs=COPIED, rises_s=0),
    "key-disabled": Cause("the key that its backups are encrypted by is disabled", ALL, needs=BACKED_UP, rises_s=0),
    "pitr-off": Cause("point-in-time recovery of a table is switched off", ("table",), rises_s=0),
    "native-backup-failed": Cause("a native backup to S3 fails now", DATABASE, "sqlserver-*", rises_s=0),
    "differential-spoilt": Cause(
        "a snapshot comes between a differential backup and its full one", DATABASE, "sqlserver-*", rises_s=0
    ),
    "restore-test-failed": Cause("a restore test finds that what came out is not whole", VAULTED, rises_s=0),
    "restore-unproved": Cause("nobody has ever restored it", VAULTED, rises_s=0),
}

CAUSES: Mapping[str, Cause] = {
    "log-write-throttle": Cause("commits wait for a throttled log volume", DATABASE, needs=VOLUME),
    "cpu-saturation": Cause("every processor is busy", SERVER),
    "connection-storm": Cause("clients connect again and again", SERVER, rises_s=120),
    "storage-filling": Cause("the volume fills within twenty minutes", DATABASE, needs=VOLUME, rises_s=1200),
    "replica-behind": Cause("a replica applies less than is written", SERVER, needs=SOURCE),
    "blocking": Cause("one session holds what many want", DATABASE, "sqlserver-*", rises_s=30),
    "cache-memory-pressure": Cause("the cache is full and throws out what is asked for", ("cache",), rises_s=300),
    "cache-is-store": Cause("what it holds is nowhere else, and nothing of it ends", ("cache",), rises_s=0),
    "rush-hour": Cause("more is asked of it than in its busiest usual hour", SERVER, rises_s=20),
    "table-throttled": Cause("more is asked of a table than was bought", ("table",), rises_s=30),
    "failover": Cause("another takes over by itself", FAILS_OVER, needs=STANDBY, rises_s=0),
    "instance-gone": Cause("it is deleted", ANYTHING, rises_s=0),
    "instance-created": Cause("it is made now, and was not there before", ANYTHING, rises_s=0),
    **OF_BACKUPS,
}

FAILOVER_S = 75.0  # until the endpoint answers again, where nothing is set of it
CREATING_S = 90.0
DELETING_S = 60.0


@dataclass(frozen=True, slots=True)
class Strain:
    """How hard each cause bears on a machine at a time: 0 not at all, 1 in full."""

    by_cause: Mapping[str, float]

    def __call__(self, cause: str) -> float:
        return self.by_cause.get(cause, 0.0)


CALM = Strain({})


def _is_in_group(machine: Machine) -> bool:
    return machine.kind == "cache" and machine.cluster is not None


def strain(script: Script, about: ResourceId, t: float) -> Strain:
    causes = script.at(about, t).causes
    if not causes:
        return CALM
    return Strain({name: _share(CAUSES[name], t - since) for name, since in causes.items()})


def _share(cause: Cause, held_s: float) -> float:
    return 1.0 if cause.rises_s <= 0 else min(1.0, held_s / cause.rises_s)
