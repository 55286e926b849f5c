"""One server at one time: where its log ends, what it has read of its source's, and what it has applied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from collectors.readings import ResourceId
from console.demo.instances import LOG_PER_COMMIT
from console.demo.inventory import Machine
from console.demo.load import DAY
from console.demo.model import Model
from console.demo.noise import key
from console.demo.scenario.script import Given, Set, value_of

FILE_BYTES = 1024**3
MARK = 4  # where the first event of a file begins
ON_THE_WAY_S = 0.02
BEFORE_S = 30 * DAY  # how long the source had written when the play began
WORKERS = 4
HEARTBEAT_S = 30.0
IN_STEP_S = 1.0  # what the server's own number of seconds does not see


@dataclass(frozen=True, slots=True)
class Moment:
    """As the model and a scenario have it."""

    model: Model
    about: ResourceId
    t: float

    @property
    def machine(self) -> Machine:
        return self.model.as_at(self.about, self.t)

    @property
    def is_mariadb(self) -> bool:
        return self.machine.engine == "mariadb"

    @property
    def server_id(self) -> int:
        return server_id(self.about)

    @property
    def hostname(self) -> str:
        """Of the machine that it runs on: another when its standby has taken over."""
        swaps = self.model.turns.swaps(self.about, self.t)
        return f"ip-10-0-{(self.server_id + swaps) % 250}-{self.server_id % 199}"

    @property
    def followers(self) -> list[Moment]:
        """Those that read from it now."""
        others = (Moment(self.model, m.id, self.t) for m in self.model.followers(self.about, self.t))
        return [each for each in others if self.model.serves(each.about, self.t) and each.io == "Yes"]

    @property
    def source(self) -> Moment | None:
        source = self.machine.source
        return None if source is None else Moment(self.model, source, self.t)

    @property
    def io(self) -> str:
        if self.source is not None and not self.model.serves(self.source.about, self.t):
            return "Connecting"
        return self.text("Replica_IO_Running", "Yes")

    @property
    def sql(self) -> str:
        return self.text("Replica_SQL_Running", "Yes")

    @property
    def behind_s(self) -> float | None:
        """By the model, whatever the server says of itself while a thread stands."""
        return self.number("Seconds_Behind_Source", lambda t: self.model.lag(self.about, t))

    def end_of_log(self, t: float | None = None) -> int:
        """Bytes that were ever written into it, by the pace of its busiest hour."""
        at = self.t if t is None else t
        return int((at - self.model.start + BEFORE_S) * self.machine.commits * LOG_PER_COMMIT)

    @property
    def read_at(self) -> float:
        """What the source had written by then has come."""
        since = self.since("Replica_IO_Running", "Yes")
        return (self.t if since is None else since) - ON_THE_WAY_S

    @property
    def applied_at(self) -> float:
        """What the source had written by then is applied."""
        since = self.since("Replica_SQL_Running", "Yes")
        stands = self.t if since is None else since
        behind = Moment(self.model, self.about, stands).behind_s or 0.0
        return min(self.read_at, stands - (behind if behind >= IN_STEP_S else ON_THE_WAY_S))

    def since(self, field: str, well: str) -> float | None:
        """Since when a scenario has set a thread to something else; None where it runs."""
        held = self._held(field)
        return None if held is None or self.text(field, well) == well else held.since

    def text(self, field: str, usual: str) -> str:
        held = self._held(field)
        return str(held.setting.value) if held is not None and isinstance(held.setting, Given) else usual

    def number(self, field: str, usual: Callable[[float], float | None]) -> float | None:
        held = self._held(field)
        return usual(self.t) if held is None else value_of(f"mysql.{field}", held, self.t, usual)

    def whole(self, field: str, usual: float) -> int:
        return round(self.number(field, partial(_always, usual)) or 0)

    def _held(self, field: str) -> Set | None:
        return self.model.set_of(self.about, self.t).get(f"mysql.{field}")


def server_id(about: ResourceId) -> int:
    return key(11, about, "server_id") % 2**31 + 1


def place(end: int) -> tuple[str, int]:
    """The file and the position that a server calls so many bytes."""
    return f"mysql-bin-changelog.{end // FILE_BYTES + 1:06}", end % FILE_BYTES + MARK


def _always(value: float, _: float) -> float:
    return value
