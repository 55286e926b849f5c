"""What a craft looks with, at an emulated AWS whose time the test moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from botocore import xform_name

from collectors.aws.meter import Meter
from collectors.aws.place import Account, Place
from collectors.aws.prices import Prices
from collectors.aws.reader import Reader
from collectors.aws.sessions import Sessions
from collectors.threads import Threads
from console.actions.check import Check
from console.actions.craft import Craft, Progress, Sent, Sight
from console.actions.crafts import crafts
from console.actions.plan import Plan, Target
from console.demo.told import telling
from console.engine.outside import KEYS
from console.estate.times import to_ms
from tests.actions.failovers.inside import Inside
from tests.actions.no_hands import NoHands
from tests.rig.emulated import START, Emulated, emulated

KINDS = {
    "instance": ("snapshot.instance", "rds", "db:{}"),
    "cluster": ("snapshot.cluster", "rds", "cluster:{}"),
    "cache": ("snapshot.cache", "elasticache", "cluster:{}"),
    "table": ("snapshot.table", "dynamodb", "table/{}"),
}


@dataclass
class Looking:
    """``values``: of the estate's own, by resource and name."""

    world: Emulated
    now: datetime = START
    values: dict[tuple[str, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        account = Account(endpoint=self.world.endpoint, keys=KEYS)
        sessions = Sessions(Threads(), Meter(Prices(), lambda: self.now), telling(lambda: self.now))
        self.reader: Reader = sessions.reader(Place(account, "eu-west-1"))
        self._crafts: Mapping[str, Craft] = crafts(
            lambda about, name: self.values.get((about, name)), Inside(), NoHands()
        )
        self.close = sessions.close

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def craft(self, kind: str) -> Craft:
        return self._crafts[KINDS[kind][0]]

    def target(self, kind: str, name: str) -> Target:
        _, service, form = KINDS[kind]
        arn = f"arn:aws:{service}:eu-west-1:111122223333:{form.format(name)}"
        return Target(name, name, kind, "", arn, "111122223333", "eu-west-1", arn)

    async def sight(self, kind: str, name: str) -> Sight:
        return await self.craft(kind).look(self.reader, self.target(kind, name), self.now)

    async def check(self, kind: str, name: str, check: str) -> Check:
        return next(each for each in (await self.sight(kind, name)).checks if each.name == check)

    async def plan(self, kind: str, name: str) -> Plan:
        craft, target, sight = self.craft(kind), self.target(kind, name), await self.sight(kind, name)
        op = f"01K{to_ms(self.now)}"
        given = craft.parameters(target, sight)
        return Plan(op, craft.action.name, target, given, sight.fingerprint, (), "alice", to_ms(self.now))

    async def send(self, kind: str, plan: Plan, **otherwise: Any) -> None:
        """The craft's own request, as an operator. The emulator is told the time by whoever looks."""
        await self.sight(kind, plan.target.name)
        action = self.craft(kind).action
        client = self.world.client(action.service, "dbconsole-operator")
        getattr(client, xform_name(action.operation))(**{**self.craft(kind).request(plan), **otherwise})

    async def progress(self, kind: str, plan: Plan) -> Progress:
        return await self.craft(kind).progress(self.reader, plan, Sent(self.now, self.now, is_accepted=True))


@contextmanager
def looking(scenario: str | Path = "resilient-database", **more: Any) -> Iterator[Looking]:
    with emulated(speed=0.0, scenario=str(scenario), **more) as world:
        found = Looking(world)
        try:
            yield found
        finally:
            found.close()
