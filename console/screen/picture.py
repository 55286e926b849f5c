"""What the screen draws from: the mirror as it is, or as it was when the view was frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

from collectors.readings import Inside
from collectors.safe import Safe
from console.series import Columns

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.bodies import Event, Ghosts
    from console.protocol.failover import Failover
    from console.protocol.flush import Flush
    from console.protocol.meta import Meta
    from console.protocol.op import Offers, Op
    from console.protocol.res import Res
    from console.protocol.status import Status
    from console.protocol.together import Incident, Lead, Note, Presence, Relay

Fact = TypeVar("Fact", bound=Inside)
Contact = Literal["joining", "live", "lost"]


class History(Protocol):
    """One series: the mirror's own, which grows, or one that was frozen."""

    def columns(self, since: int = 0) -> Columns: ...


@dataclass(frozen=True, slots=True)
class Picture:
    """One moment, whole: two panes painted from it can never disagree."""

    contact: Contact
    contact_s: float  # for how long
    now_ms: int | None  # None: no engine has spoken yet
    age_s: float | None  # since the engine last spoke
    meta: Meta | None
    status: Status | None
    resources: Mapping[str, Res]
    hist: Mapping[str, Mapping[str, History]]
    events: tuple[Event, ...] = ()  # in the order they came
    ghosts: Mapping[str, Ghosts] = field(default_factory=dict)  # by resource
    inside: Mapping[str, Mapping[str, Inside]] = field(default_factory=dict)  # by part and resource
    presence: Mapping[str, Presence] = field(default_factory=dict)  # by user
    offers: Offers | None = None  # what may be done; None: nobody has said
    ops: Mapping[str, Op] = field(default_factory=dict)  # what was begun, by its id
    failovers: Mapping[str, Failover] = field(default_factory=dict)  # by id: those that go on, and the last that ended
    flushes: Mapping[str, Flush] = field(default_factory=dict)  # the time after each, by the id of its operation
    incident: Incident | None = None  # that is open, or was last
    lead: Lead | None = None
    notes: Mapping[str, Note] = field(default_factory=dict)  # by id, in their order
    relay: Relay | None = None  # how a viewer's own engine hears the publisher; None: this engine is the publisher
    has_engine: bool = True  # there is an engine on this host, be it one that only relays
    lost_events: int = 0  # that the engine had thrown away before they could be sent
    watchers: int = 1  # of this terminal, with whoever is here; 0: others may see it, and nobody says how many
    trouble: Safe | None = None  # why there is no contact, in a line
    frozen_s: float | None = None  # for how long the view has been frozen

    def inside_of(self, resource: str, part: type[Fact]) -> Fact | None:
        """What is known of that part; None: nothing has been told yet."""
        fact = self.inside.get(part.part, {}).get(resource)
        return fact if isinstance(fact, part) else None

    @property
    def speed(self) -> float:
        """Of the estate's clock: 1 but in a play."""
        return self.meta.speed if self.meta else 1.0

    @property
    def stale(self) -> bool:
        """Whether what is shown may no longer be so."""
        return self.contact == "lost"
