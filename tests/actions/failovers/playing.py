"""A failover at an emulated AWS whose time the test moves: asked for by the craft, and going as a scenario says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from botocore import xform_name

from collectors.aws.meter import Meter
from collectors.aws.place import Account, Place
from collectors.aws.prices import Prices
from collectors.aws.sessions import Sessions
from collectors.safe import Safe
from collectors.threads import Threads
from console.actions.craft import Craft, Progress, Sent
from console.actions.crafts import crafts
from console.actions.known import Probed
from console.actions.plan import Plan, Target
from console.demo.told import telling
from console.engine.outside import KEYS
from console.estate.times import to_ms
from tests.actions.failovers.inside import Inside
from tests.actions.no_hands import NoHands
from tests.rig.emulated import START, Emulated, emulated

BEFORE = "eu-west-1:111122223333"
TARGETS = {
    "fail-over.instance": ("customers", "instance", f"arn:aws:rds:{BEFORE}:db:customers", ""),
    "fail-over.cluster": ("catalogue", "cluster", f"arn:aws:rds:{BEFORE}:cluster:catalogue", "catalogue-2"),
    "fail-over.cache": ("sessions-001", "cache", f"arn:aws:elasticache:{BEFORE}:cluster:sessions-001", ""),
    "promote.instance": ("orders-replica-1", "instance", f"arn:aws:rds:{BEFORE}:db:orders-replica-1", ""),
}
SCENARIO = 'name = "ways"\ntitle = "Failovers that go otherwise"\nestate = "resilient-database"\n'


@dataclass
class Playing:
    world: Emulated
    now: datetime = START
    inside: Inside = field(default_factory=Inside)

    def __post_init__(self) -> None:
        account = Account(endpoint=self.world.endpoint, keys=KEYS)
        sessions = Sessions(Threads(), Meter(Prices(), lambda: self.now), telling(lambda: self.now))
        self.reader, self.close = sessions.reader(Place(account, "eu-west-1")), sessions.close
        self._crafts = crafts(lambda *_: None, self.inside, NoHands())

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def craft(self, action: str) -> Craft:
        return self._crafts[action]

    async def plan(self, action: str) -> Plan:
        name, kind, arn, to = TARGETS[action]
        target = Target(name, name, kind, "", arn, "111122223333", "eu-west-1", arn, to=to)
        sight = await self.craft(action).look(self.reader, target, self.now)
        given = self.craft(action).parameters(target, sight)
        op = "01K0000000000000000000000A"
        return Plan(op, action, target, given, sight.fingerprint, (), "alice", to_ms(self.now))

    def send(self, plan: Plan) -> datetime:
        """The craft's own request, as an admin; when it was."""
        craft = self.craft(plan.action)
        client = self.world.client(craft.action.service, "dbconsole-admin")
        getattr(client, xform_name(craft.action.operation))(**craft.request(plan))
        return self.now

    async def progress(self, plan: Plan, sent: datetime, *, is_accepted: bool = True) -> Progress:
        return await self.craft(plan.action).progress(self.reader, plan, Sent(sent, self.now, is_accepted))

    def let_in(self) -> None:
        """By our own knocking, now."""
        self.inside.probe = Probed(self.now - timedelta(seconds=60), self.now, self.now, Safe("a"), Safe("b"), 120)


@contextmanager
def playing(folder: Path, **sets: object) -> Iterator[Playing]:
    """``sets``: how failovers go, of all that can."""
    said = ", ".join(f'"failover.{name}" = {_toml(value)}' for name, value in sets.items())
    each = "".join(f'[[at]]\nseconds = 0\nresource = "{t[0]}"\nset = {{ {said} }}\n' for t in TARGETS.values() if said)
    path = folder / "ways.toml"
    path.write_text(SCENARIO + each)
    with emulated("admin", speed=0.0, scenario=str(path)) as world:
        found = Playing(world)
        found.forward(60)
        try:
            yield found
        finally:
            found.close()


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()
