"""How far has each PostgreSQL of the demo come in the log? All positions follow from when the primary wrote it.

A copy has the log that its source had a moment ago, and has applied what was written its lag ago. Where its link is
dead it has what came before that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from collectors.postgres.positions import position
from collectors.readings import ResourceId
from console.demo.cast import root
from console.demo.instances import LOG_PER_COMMIT
from console.demo.load import DAY
from console.demo.model import Model
from console.demo.scenario.script import Given, Missing, Set

TRAVEL_S = 0.02
BEGAN_DAYS = 30  # before the play: since then there is a log
SHARE = 0.55  # of its busiest hour's commits a primary has on average
STREAMING = "streaming"
NO_ROW = "none"


@dataclass(frozen=True, slots=True)
class Log:
    """Of one machine at one time. What a scenario has set of positions and times stands before what follows."""

    model: Model
    about: ResourceId
    t: float

    @property
    def end(self) -> int | None:
        """Of what it has: all that it wrote, or all that it received."""
        name = "receive_lsn" if self.source else "current_lsn"
        return self._set_position(name, self._written(self.had_at))

    @property
    def applied(self) -> int | None:
        at = self._written(self.applied_at)
        received = self.end
        return self._set_position("replay_lsn", at if received is None else min(at, received))

    @property
    def had_at(self) -> float:
        """When the primary wrote the last that this one has."""
        return _had_at(self.model, self.about, self.t)

    @property
    def applied_at(self) -> float:
        """When the primary wrote the last that is applied here."""
        if self.source is None:
            return self.t
        lag = self.model.lag(self.about, self.t) or 0.0
        return _had_at(self.model, self.source, min(self._reached, self.t - lag))

    @property
    def replayed_at(self) -> float | None:
        return self.set_time("last_xact_replay_timestamp", self.applied_at)

    @property
    def heard_at(self) -> float | None:
        return self.set_time("last_msg_receipt_time", self._reached)

    @property
    def source(self) -> ResourceId | None:
        return self.model.as_at(self.about, self.t).source

    @property
    def status(self) -> str:
        """Of the WAL receiver; `none` where there is none."""
        if "postgres.wal_receiver_status" in self.model.set_of(self.about, self.t):
            return str(self.set_value("wal_receiver_status") or NO_ROW)
        return NO_ROW if self.source is None or not self.model.serves(self.source, self.t) else STREAMING

    @property
    def is_sent_to(self) -> bool:
        """Whether its source has a row for it: a hanging one is given up after the sender's time-out."""
        dead = _dead_since(self.model, self.about, self.t)
        return self.status == STREAMING and (dead is None or self.t - dead < TIMEOUT_S)

    @property
    def dead_since(self) -> float | None:
        return _dead_since(self.model, self.about, self.t)

    @property
    def _reached(self) -> float:
        """Until when something came from its source."""
        dead = self.dead_since
        return (self.t if dead is None else min(self.t, dead)) - TRAVEL_S

    def set_value(self, name: str) -> object:
        """None where a scenario says nothing of it."""
        held = self.model.set_of(self.about, self.t).get(f"postgres.{name}")
        return None if held is None or not isinstance(held.setting, Given) else held.setting.value

    def set_time(self, name: str, usual: float) -> float | None:
        held = self.model.set_of(self.about, self.t).get(f"postgres.{name}")
        if held is not None and isinstance(held.setting, Missing):
            return None
        value = self.set_value(name)
        return value.timestamp() if isinstance(value, datetime) else usual

    def _set_position(self, name: str, usual: int) -> int | None:
        held = self.model.set_of(self.about, self.t).get(f"postgres.{name}")
        if held is not None and isinstance(held.setting, Missing):
            return None
        value = position(self.set_value(name))
        return value if isinstance(value, int) else usual

    def _written(self, at: float) -> int:
        """Where the primary's log ended then. At an even pace, so that any time can be asked for."""
        per_s = root(self.model.all_at(self.t), self.about).commits * SHARE * LOG_PER_COMMIT
        return int(per_s * max(0.0, at - self.model.start + BEGAN_DAYS * DAY))


TIMEOUT_S = 30.0  # of both ends, as RDS has it


def _had_at(model: Model, about: ResourceId, t: float) -> float:
    source = model.as_at(about, t).source
    if source is None:
        return t
    dead = _dead_since(model, about, t)
    return _had_at(model, source, (t if dead is None else min(t, dead)) - TRAVEL_S)


def _dead_since(model: Model, about: ResourceId, t: float) -> float | None:
    """By what a scenario has set of the receiver, or because nobody is there to receive from."""
    sets = model.set_of(about, t)
    source = model.as_at(about, t).source
    found = [held.since for name, held in sets.items() if _kills(name, held)]
    if source is not None and (shut := model.turns.shut_since(source, t)) is not None:
        found.append(shut)
    return min(found, default=None)


def _kills(name: str, held: Set) -> bool:
    if name == "postgres.last_msg_receipt_time":
        return isinstance(held.setting, Given)
    return name == "postgres.wal_receiver_status" and held.setting != Given(STREAMING)
