"""What has changed in the estate, as messages: a resource whole when its shape changes, ticks for values in between."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from collectors.readings import ResourceId
from collectors.safe import Safe, sanitise
from console.engine.pacing import MOST_PER_S, Pacing
from console.engine.reports import Reports
from console.engine.teller import Teller
from console.estate.course import Courses
from console.estate.declared import Intent
from console.estate.estate import Estate
from console.estate.ledger import Changes
from console.estate.levels import Limits
from console.estate.render import hist_body
from console.estate.resource import Resource
from console.estate.states import Sources
from console.protocol.bodies import Tick
from console.protocol.body import Body
from console.protocol.codec import Refused
from console.protocol.inside import PARTS, body_of
from console.protocol.meta import Meta
from console.protocol.status import Status

MOST_IN_A_TICK = 200
HISTORY_APART_S = 5.0  # a screen draws new points from ticks; a history is for who has just come, and for late points
STATUS_APART_S = 10.0  # while no collector's state changes
SEEN_FOR_S = 90.0  # three times as long as a screen waits before it says again what it shows
FEW = 100  # resources, whose histories are told to everybody
FEW_INSIDE = 20  # resources, of which it is told to everybody what goes on inside
REVIEW_STEPS = 5  # in so many steps each resource is looked at once for values that have grown stale

Path = tuple[str, ...]  # a topic after the estate


class Publisher:
    """One estate to whoever listens. `step` is called about once a second; ``now`` is of the monotonic clock."""

    def __init__(
        self,
        estate: Estate,
        teller: Teller,
        *,
        meta: Callable[[], Meta],
        status: Callable[[], Status],
        pulse: Callable[[], Hashable],
        sources: Callable[[ResourceId], Sources],
        now_ms: Callable[[], int],
        limits: Limits | None = None,
        intents: Iterable[Intent] = (),
    ) -> None:
        self._estate, self._teller = estate, teller
        self._meta, self._status, self._now_ms = meta, status, now_ms
        self._pulse = pulse  # differs when the status says something that cannot wait
        self.courses = Courses(limits or Limits())
        self._reports = Reports(self.courses, intents, sources, now_ms)
        self._pacing = Pacing()
        self._mark = 0
        self._wanted: dict[Path, None] = {("meta",): None, ("status",): None}
        self._seen: dict[str, float] = {}  # when somebody last said so, the latest first
        self._now = 0.0
        self._to_review: list[ResourceId] = []
        self._unsaid: dict[ResourceId, set[Safe]] = {}  # values that changed since they were last said
        self._last_tick = 0
        self._health: Hashable = None
        self._status_at = 0.0

    def see(self, ids: Iterable[str]) -> None:
        """Somebody looks at these: first of all they need their history. Screens say it again while they look."""
        names = list(ids)
        fresh = [(family, name) for name in names if name not in self._seen for family in (*PARTS, "hist")]
        now_seen = dict.fromkeys(names, self._now)
        self._seen = now_seen | {name: at for name, at in self._seen.items() if name not in now_seen}
        self._wanted = dict.fromkeys(fresh) | self._wanted

    @property
    def visible(self) -> frozenset[ResourceId]:
        """What is on somebody's screen now."""
        return frozenset(about for about in self._estate.resources if about in self._seen)

    @property
    def sick(self) -> frozenset[ResourceId]:
        """What is beyond a threshold, or does not serve."""
        return frozenset(filter(self._reports.is_sick, self._reports.all()))

    def is_seen(self, name: str) -> bool:
        """Whether it is on somebody's screen now."""
        return name in self._seen

    def matters(self, about: ResourceId) -> bool:
        """Whether it is visible or sick, without looking at the rest of the estate."""
        return about in self._seen or self._reports.is_sick(about)

    def want_whole(self, about: ResourceId) -> None:
        """Something that no value tells has changed, such as the health of a collector."""
        self._wanted[("res", about)] = None

    def want_meta(self) -> None:
        """Who speaks, and of what, is otherwise than told."""
        self._wanted[("meta",)] = None

    def step(self, now: float, room: int = MOST_PER_S) -> None:
        """Publish what is due; what finds no room waits for the next step."""
        self._now = now
        self._seen = {name: at for name, at in self._seen.items() if now - at < SEEN_FOR_S}
        self._take_in(self._estate.changed_since(self._mark))
        self._review()
        for turn in self.courses.turns(self._now_ms()):
            self._teller.turned(turn)
        self._want_status(now)
        paths = {"/".join(path): path for path in self._in_order() if self._may(path, now)}
        for text in self._pacing.due(list(paths), now, room - 1):
            path = paths.get(text) or tuple(text.split("/", 1))
            self._wanted.pop(path, None)
            self._publish(path)
        self._tick(list(self._unsaid)[:MOST_IN_A_TICK])

    def introduce(self) -> None:
        """Who speaks, before there is anything to say: whoever joins now knows whom to ask."""
        for path in (("meta",), ("status",)):
            self._publish(path)

    def everything(self) -> None:
        """Publish all there is now, at once: for a reader in this process, who waits for nothing else."""
        self._take_in(self._estate.changed_since(self._mark))
        for path in (("meta",), ("status",), *(("res", name) for name in self._estate.resources)):
            self._publish(path)

    def _take_in(self, changes: Changes) -> None:
        self._mark = changes.mark
        for about in changes.gone:
            self._reports.forget(about)
            self._unsaid.pop(about, None)
            for family in ("res", "hist", "ghost", *PARTS):
                self._wanted.pop((family, about), None)
                self._pacing.forget(f"{family}/{about}")
                self._teller.state(family, about, body=None)
        if changes.gone or any(about not in self._reports for about in changes.shapes):
            self._wanted[("meta",)] = None
        self._wanted |= dict.fromkeys(("res", about) for about in sorted(changes.shapes))
        self._wanted |= dict.fromkeys(("hist", about) for about in sorted(changes.histories) if self._tells(about))
        for about, parts in changes.inside.items():
            if self._shows_inside(about):
                self._wanted |= dict.fromkeys((part, about) for part in sorted(parts))
        for about, names in changes.values.items():
            self._unsaid.setdefault(about, set()).update(names)
        for about in changes.values.keys() | changes.histories:
            self._judge(about, anew=about in changes.histories)

    def _tells(self, about: str) -> bool:
        """Whether its history is told unasked: in a large estate only of what somebody looks at."""
        return about in self._seen or len(self._estate.resources) <= FEW

    def _shows_inside(self, about: str) -> bool:
        """Whether what goes on inside is told unasked."""
        return about in self._seen or len(self._estate.resources) <= FEW_INSIDE

    def _judge(self, about: ResourceId, *, anew: bool) -> None:
        """A tick tells values and not what they mean: where that has changed, the resource is told whole."""
        resource = self._estate.resources.get(about)
        if resource is not None and self._reports.means_otherwise(resource, anew=anew):
            self.want_whole(about)

    def _review(self) -> None:
        """A few resources at each step are looked at for values that have grown stale."""
        known = self._reports.all()
        self._to_review = self._to_review or known
        count = -(-len(known) // REVIEW_STEPS)
        for about in [self._to_review.pop() for _ in range(min(count, len(self._to_review)))]:
            resource = self._estate.resources.get(about)
            if resource is not None and about not in self._unsaid and self._reports.has_aged(resource):
                self.want_whole(about)

    def _want_status(self, now: float) -> None:
        health = self._pulse()
        if health != self._health or now - self._status_at >= STATUS_APART_S:
            self._health, self._status_at = health, now
            self._wanted[("status",)] = None

    def _in_order(self) -> list[Path]:
        """Who speaks, then the resources that are looked at, then the rest; a resource before its history."""
        order = {"meta": 0, "status": 1, "res": 2, **dict.fromkeys(PARTS, 3), "hist": 4}
        return sorted(self._wanted, key=lambda path: (path[-1] not in self._seen and len(path) > 1, order[path[0]]))

    def _may(self, path: Path, now: float) -> bool:
        if path[0] in ("meta", "status", "res"):
            return True
        about = ResourceId(sanitise(path[1]))
        if about not in self._reports and ("res", about) not in self._wanted:
            return False  # the resource itself is not known yet
        if path[0] != "hist":
            return True
        return now - self._pacing.published.get("/".join(path), -HISTORY_APART_S) >= HISTORY_APART_S

    def _publish(self, path: Path) -> None:
        body = self._body(path)
        if body is None:
            self._pacing.forget("/".join(path))
            return
        self._teller.state(*path, body=body)

    def _body(self, path: Path) -> Body | None:
        match path:
            case ("meta",):
                return self._meta()
            case ("status",):
                return self._status()
            case ("hist", name) if not self._tells(name):
                return None
            case (family, name) if name in self._estate.resources:
                return self._of_a_resource(family, self._estate.resources[ResourceId(sanitise(name))])
        return None

    def _of_a_resource(self, family: str, resource: Resource) -> Body | None:
        if family == "hist":
            return hist_body(resource)
        if family in PARTS:
            return body_of(resource.inside[family]) if family in resource.inside else None
        self._unsaid.pop(resource.id, None)
        return self._reports.whole(resource)

    def _tick(self, abouts: list[ResourceId]) -> None:
        """The values that changed and were not said in a whole resource; a tick that is too large is said in parts."""
        told: dict[Safe, dict[Safe, tuple[float | None, int]]] = {}
        for about in abouts:
            latest = self._estate.resources[about].latest
            names = self._unsaid[about] & self._reports.values(about).keys()
            if names:
                told[about] = {name: (latest[name].value, latest[name].t) for name in names if name in latest}
        if not told:
            return
        try:
            self._last_tick = self._teller.tick(Tick(prev=self._last_tick, res=told))
        except Refused:
            if len(abouts) == 1:
                self._wanted[("res", abouts[0])] = None
                del self._unsaid[abouts[0]]
                return
            self._tick(abouts[: len(abouts) // 2])
            self._tick(abouts[len(abouts) // 2 :])
            return
        for about in abouts:
            self._unsaid[about] -= self._reports.values(about).keys()
            if not self._unsaid[about]:
                del self._unsaid[about]
        for about in abouts:
            for name, (v, _) in told.get(about, {}).items():
                self._reports.ticked(about, name, v)
