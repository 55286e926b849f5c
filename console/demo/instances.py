"""What does a database instance do under its load? One arithmetic for metrics and waits, so that they agree."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from collectors.knock.knock import Door
from console.demo.backups import BackupPlan
from console.demo.inventory import Machine
from console.demo.load import Load, rushed
from console.demo.noise import key, smooth
from console.demo.scenario.causes import Strain, strain
from console.demo.scenario.script import NOTHING, Script
from console.demo.summed import Summed
from console.demo.turns import Turns

GIB = 1024.0**3
KIB = 1024.0
WRITES_PER_COMMIT = 1.7
LOG_PER_COMMIT = 9 * KIB
REPLICA_EASE, HASTE = 1.1, 0.9  # of the busiest hour's writes; seconds farther behind for as much again
BUSY, ROOM = 68.0, 9.5  # percent: what was bought bears the busiest hour, and beyond that work waits its turn
VOLUME_BUSY, VOLUME_ROOM = 0.68, 0.07  # as well, of the requests that a volume bears
THROTTLED = 60  # times as long and once more: what a write to the log takes
FALLS_BEHIND = 0.8  # seconds a second, where a replica hardly applies any more
COLD, WARMS_S = 0.8, 90.0  # of what is usually read, as much again at first
QUERY_S, QUERY_READS = 0.0002, 0.05  # of a processor, and of the volume, for one that a cache has answered till then
QUERY_WAITS_S = 0.0008  # with a processor to itself
FLOODED, FLOOD_ROOM = 90.0, 9.2  # percent: what comes of a sudden is borne to there, and beyond that waits its turn
COMPILES = 22.0  # percent more, where no plan is left
GP2_CREDITS = 5_400_000.0
BURST_STEP_S, BURST_STEPS = 360, 15
NOBODY = (Door.DARK, Door.RECOVERING)
NO_TURNS = Turns()
SAME_TIMES = 256  # that are remembered
At = Callable[[float], float]


def none_at(_: float) -> float:
    return 0.0


@dataclass(frozen=True, slots=True)
class Activity:
    """One moment of one instance. Times in seconds, sizes in bytes."""

    cpu: float  # percent
    sessions: int
    commits: float  # per second
    reads: float  # of the volume, per second
    cold: float  # of them, of what is not in memory yet
    writes: float
    read_latency: float
    write_latency: float
    backup: bool


class Instance:
    """A relational instance at any time. ``source`` is what a replica follows."""

    def __init__(
        self,
        seed: int,
        machine: Machine,
        plan: BackupPlan,
        source: Instance | None,
        *,
        script: Script = NOTHING,
        turns: Turns = NO_TURNS,
        flood: At = none_at,
        emptied: At = none_at,
    ) -> None:
        """``flood``: queries per second that a cache usually answers; ``emptied``: the share of plans that is gone."""
        self.machine = machine
        self._flood, self._emptied = flood, emptied
        self._turns = turns
        self._script = script
        self.load = Load.of(seed, machine)
        self.source = source
        self._plan = plan
        self._noise = key(seed, machine.id, "instance")
        self._given_back = Summed(self._credits, BURST_STEP_S, BURST_STEPS)
        self.activity = lru_cache(SAME_TIMES)(self._activity)  # every topic asks for the same few times

    def _activity(self, t: float) -> Activity:
        machine, strain = self.machine, self.strain(t)
        backup = self._plan.running(t)
        reads_asked, writes_asked = rushed(self.load.reads(t), strain), self._writes_asked(t)
        serves = 0.0 if self.is_dark(t) else 1.0
        flood = self._flood(t) * serves
        held_up = (1 - 0.45 * strain("log-write-throttle")) * (1 - 0.6 * strain("blocking"))
        commits = machine.commits * writes_asked * held_up * serves
        shared_storage = machine.storage_type == "aurora"
        applied = self.origin.machine.commits * writes_asked if self.source and not shared_storage else 0.0
        usual = machine.reads * reads_asked * serves * self._about(0, t, 60, 0.08) + QUERY_READS * flood
        cold = usual * self._cold(t)
        reads = usual + cold + (1500.0 if backup else 0.0)
        writes = WRITES_PER_COMMIT * (commits + 0.7 * applied) * self._about(1, t, 60, 0.06) + 3.0
        busy = _eased((reads + writes) / machine.iops, VOLUME_BUSY, VOLUME_ROOM)
        queueing = 1.0 + 1.6 * busy**3 / (1.0 - busy)
        write_latency = 0.0009 * queueing * self._about(5, t, 45, 0.12) * (1.15 if machine.standby_az else 1.0)
        cpu = self._cpu(t, (0.75 * reads_asked + 0.25 * writes_asked) * serves, backup=backup, strain=strain)
        cpu = self._flooded(t, cpu, flood)
        held = flood * QUERY_WAITS_S / (1 - min(0.97, cpu / 100))  # whoever waits for a processor keeps a session
        return Activity(
            cpu=cpu,
            sessions=round(self._sessions(t, reads_asked, strain) * serves + held),
            commits=commits,
            reads=reads,
            cold=cold,
            writes=writes,
            read_latency=0.0007 * queueing * self._about(4, t, 45, 0.12),
            write_latency=write_latency * (1 + THROTTLED * strain("log-write-throttle")),
            backup=backup,
        )

    @property
    def origin(self) -> Instance:
        """Where what it applies was written first."""
        return self if self.source is None else self.source.origin

    def strain(self, t: float) -> Strain:
        return strain(self._script, self.machine.id, t)

    def is_dark(self, t: float) -> bool:
        """While another takes over, or it starts anew, nobody is served."""
        return self._turns.door(self.machine.id, t) in NOBODY

    def _cold(self, t: float) -> float:
        """How much more it reads than usual: whoever has begun anew, or has just taken over, has little in memory."""
        since = self._turns.anew_since(self.machine.id, t)
        return 0.0 if since is None or t - since > 8 * WARMS_S else COLD * math.exp((since - t) / WARMS_S)

    def _cpu(self, t: float, asked: float, *, backup: bool, strain: Strain) -> float:
        share = asked * self.machine.cpu + 2.5 + (4.0 if backup else 0.0)
        usual = _eased(max(0.8, share * self._about(2, t, 30, 0.05)), BUSY, ROOM)
        usual *= 1 - 0.4 * strain("blocking")
        return usual + (99.2 - usual) * min(1.0, strain("cpu-saturation") + 0.3 * strain("connection-storm"))

    def _flooded(self, t: float, usual: float, flood: float) -> float:
        """With what nobody foresaw when it was bought: a cache that answers no more, plans that are gone."""
        more = 100 * flood * QUERY_S / max(1, self.machine.vcpus) + COMPILES * self._emptied(t)
        return max(usual, _eased(usual + more, FLOODED, FLOOD_ROOM)) if more else usual

    def _sessions(self, t: float, reads_asked: float, strain: Strain) -> float:
        usual = self.machine.sessions * (0.45 + 0.55 * reads_asked) * self._about(3, t, 120, 0.03)
        return usual * (1 + 4 * strain("connection-storm") + 0.8 * strain("blocking") + strain("log-write-throttle"))

    def lag(self, t: float) -> float | None:
        """Seconds behind: what is written in haste is applied a little later. None for what follows nobody."""
        if self.source is None:
            return None
        if self.machine.storage_type == "aurora":  # shared storage: only the cache has to follow
            return 0.012 * (1.0 + 0.8 * self.source.load.writes(t)) * self._about(6, t, 11, 0.3)
        written, held = self.origin.load.writes(t), self._script.since(self.machine.id, "replica-behind", t) or 0.0
        usual = 0.35 + 0.2 * written + HASTE * max(0.0, written - REPLICA_EASE)
        own = usual * self._about(6, t, 11, 0.3) + FALLS_BEHIND * held
        return own + (self.source.lag(t) or 0.0)  # one that follows a replica is farther from the first

    def burst_balance(self, t: float) -> float:
        """Percent of a gp2 volume's credits after what its last hour and a half took and gave back."""
        left = self._given_back.at(t, GP2_CREDITS, lambda left: min(GP2_CREDITS, left))
        return max(0.0, 100.0 * left / GP2_CREDITS) * (1 - 0.96 * self.strain(t)("log-write-throttle"))

    def _credits(self, t: float) -> float:
        """A gp2 volume's own pace is three a second for each GiB; what is left of it is given back."""
        then = self.activity(t)
        return 3.0 * self.machine.storage_gib - then.reads - then.writes

    def _writes_asked(self, t: float) -> float:
        return rushed(self.origin.load.writes(t), self.origin.strain(t))

    def _about(self, which: int, t: float, period: float, spread: float) -> float:
        """Around 1, slowly and with a little of what changes from second to second."""
        slow, quick = smooth(self._noise + which, t, period), smooth(self._noise + 64 + which, t, period / 13)
        return 1.0 + spread * (0.7 * slow + 0.3 * quick)


def _eased(asked: float, busy: float, room: float) -> float:
    """Never beyond both together by itself: only a cause brings it there."""
    return asked if asked <= busy else busy + room * (1 - math.exp((busy - asked) / room))
