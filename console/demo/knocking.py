"""Who knocks at the doors of the embedded estate? In process, as the model has each door at the estate's own time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TypeVar

from collectors.knock.knock import Door, Knock, Knocker
from collectors.readings import ResourceId
from collectors.safe import NO_TEXT, Safe, sanitise
from console.demo.faults import REFUSED
from console.demo.inventory import RDS_DOMAIN, Machine
from console.demo.model import Model
from console.demo.mysql.moment import Moment
from console.demo.noise import key
from console.demo.redis.addresses import PORT, host, primary_host
from console.demo.sqlserver.node import node

Now = Callable[[], datetime]
T = TypeVar("T")
PORTS = (("sqlserver-*", 1433), ("*postgres*", 5432), ("mysql", 3306), ("mariadb", 3306), ("redis", PORT))
NO_ANSWER = "Nobody answered in time."
RECOVERING = (  # as each engine words it
    ("sqlserver-*", "18456: Login failed for user 'dbconsole_demo'. Reason: the server is not ready for logins."),
    ("*postgres*", "57P03: the database system is starting up"),
    ("m*", "2013: Lost connection to server at 'reading initial communication packet'"),
    ("redis", "LOADING Redis is loading the dataset in memory"),
)
READS = (
    ("sqlserver-*", "The databases may be read and not written."),
    ("*postgres*", "in recovery: it is read only"),
    ("m*", "read_only is ON"),
    ("redis", "role:slave"),
)
SHUT_BY = {"hang": NO_ANSWER, "refuse": REFUSED, "drop": "The connection was reset."}


class ModelKnocker(Knocker):
    """Of an instance; of a cluster, which leads to its writer; of a node's group, which leads to its primary."""

    def __init__(self, model: Model, about: ResourceId, now: Now) -> None:
        self._model, self._about, self._now = model, about, now
        machine = model.machines[about]
        self._door_of = endpoint_of(machine)
        self.endpoint = sanitise(f"{_host(machine)}:{_by_engine(PORTS, machine)}")

    async def knock(self) -> Knock:
        began = self._now()
        await asyncio.sleep(0)
        ended = self._now()
        t = ended.timestamp()
        machine, address = self._model.machines[self._about], _address(self._model, self._about, t)
        if shut := self._shut(t):
            return Knock(began, ended, Door.DARK, Safe(shut), address=address)
        door = self._model.door(self._door_of, t)
        match door:
            case Door.DARK:
                return Knock(began, ended, door, Safe(REFUSED), address=address)
            case Door.RECOVERING:
                said = sanitise(_by_engine(RECOVERING, machine))
                return Knock(began, ended, door, said, address=address, may_log_in=False)
        said = NO_TEXT if door is Door.OPEN else sanitise(_by_engine(READS, machine))
        return Knock(began, ended, door, said, _node(self._model, self._about, t), address, may_log_in=True)

    def _shut(self, t: float) -> str:
        """By whatever a scenario makes go wrong for all who ask; empty where nothing does."""
        if not self._model.exists(self._about, t):
            return REFUSED
        whose = (f for f in self._model.faults(t) if f.resource in (None, self._about) and f.collector is None)
        return next((SHUT_BY[fault.kind] for fault in whose if fault.kind in SHUT_BY), "")


def endpoint_of(machine: Machine) -> ResourceId:
    """By which the model calls the door: clients of a cache go to their group's."""
    return machine.cluster if machine.kind == "cache" and machine.cluster is not None else machine.id


def has_door(machine: Machine) -> bool:
    return machine.kind != "table"


def _host(machine: Machine) -> str:
    match machine.kind:
        case "cache":
            return primary_host(machine.cluster) if machine.cluster is not None else host(machine.id)
        case "cluster":
            return f"{machine.id}.cluster-{RDS_DOMAIN}"
    return f"{machine.id}.{RDS_DOMAIN}"


def _answers(model: Model, about: ResourceId, t: float) -> Machine:
    """Who stands behind the endpoint."""
    machine = model.as_at(about, t)
    name = machine.id if machine.kind == "cluster" else machine.cluster
    if name is None or (machine.kind == "instance" and machine.cluster is not None):
        return machine
    members = [each for each in model.all_at(t).values() if each.cluster == name]
    return next((each for each in members if each.source is None), machine)


def _node(model: Model, about: ResourceId, t: float) -> Safe:
    """As whoever answers calls itself."""
    machine = _answers(model, about, t)
    if machine.engine.startswith("sqlserver"):
        return sanitise(node(model, machine.id, t).name)
    if machine.engine in ("mysql", "mariadb"):
        return sanitise(Moment(model, machine.id, t).hostname)
    return NO_TEXT if machine.engine == "postgres" else sanitise(machine.id)  # PostgreSQL does not tell its host


def _address(model: Model, about: ResourceId, t: float) -> Safe:
    """What the name stands for: another once somebody else has taken over."""
    machine = _answers(model, about, t)
    place = key(machine.id, "address") + model.turns.swaps(machine.id, t) % 2 * 7919
    return Safe(f"10.0.{place % 200}.{place // 200 % 200 + 10}")


def _by_engine(known: tuple[tuple[str, T], ...], machine: Machine) -> T:
    return next(value for pattern, value in known if fnmatchcase(machine.engine, pattern))
