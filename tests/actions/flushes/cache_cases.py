"""Every way in which a check of a flush of caches does not pass."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from collectors.database.credentials import Credentials
from collectors.errors import CannotCollect, Denied
from collectors.redis.asking import Cache, Fields, Question, Reply
from collectors.redis.wire.target import Target as CacheTarget
from collectors.safe import Safe
from collectors.sqlserver.asking import Server
from collectors.sqlserver.wire.target import Target as ServerTarget
from console.actions.check import Check, Verdict
from console.actions.craft import Sight
from console.actions.crafts import crafts
from console.actions.hands import Hands, Narrowed, Way
from console.actions.known import Value
from console.actions.plan import Target
from tests.actions.failovers.inside import Inside
from tests.actions.given import NOW, TARGET
from tests.actions.recorded import Recorded

HERE = "eu-west-1:111122223333"
SCOPES = {"flush.database": "database:0", "flush.prefix": "prefix:0:session:", "flush.all": "all"}
INFO = {
    "role": "master", "run_id": "a" * 40, "cluster_enabled": "0", "maxmemory_policy": "allkeys-lru",
    "master_failover_state": "no-failover", "connected_clients": "420", "instantaneous_ops_per_sec": "12400",
    "keyspace_hits": "964", "keyspace_misses": "36", "cmdstat_flushdb": "calls=2,usec=9",
    "db0": "keys=1203334,expires=9",
}  # fmt: skip
REPLICA = INFO | {"role": "slave", "run_id": "b" * 40}
OURS = f"{'1' * 40} 10.0.0.1:6379@16379 myself,master - 0 0 1 connected 0-8191"
THEIRS = f"{'2' * 40} 10.0.0.2:6379@16379 master - 0 0 2 connected 8192-16383"
CLUSTER = {"cluster_enabled": "1"}


@dataclass
class Told(Cache):
    """One node, without a wire: what it says of itself, and how its keys are."""

    info: Mapping[str, str]
    ttl: int = 600
    kind: str = "string"
    keys: tuple[str, ...] = tuple(f"session:{n}" for n in range(40))
    neighbours: str = ""
    refuses: CannotCollect | None = None
    may_not_scan: bool = False

    async def ask(self, question: Question) -> Fields:
        if self.refuses:
            raise self.refuses
        return self.info

    async def read(self, question: Question) -> tuple[Reply, ...]:
        if self.may_not_scan:
            raise Denied("sessions-001: this user may not ask that.", grant="+scan", seen="NOPERM", mend="Grant +scan.")
        replies: dict[str, Reply] = {
            "SELECT": "OK", "SCAN": ["0", list(self.keys)], "TTL": self.ttl, "TYPE": self.kind,
            "CLUSTER": self.neighbours,
        }  # fmt: skip
        return tuple(replies[words[0]] for words in question.commands)


@dataclass
class Own(Hands):
    nodes: Mapping[str, Told]
    has_login: bool = True

    def cache(self, about: str) -> Cache:
        return self.nodes[about]

    def server(self, about: str) -> Server:
        raise CannotCollect("there is none")

    def way_to_server(self, about: str) -> Way[ServerTarget]:
        raise CannotCollect("there is none")

    def way_to_cache(self, about: str) -> Way[CacheTarget]:
        if not self.has_login:
            what, mend = f"The profile has no login that may flush {about}.", "Say `flush_user` and `flush_secret`."
            raise CannotCollect(what, seen="[[redis]] has no `flush_secret` for it", mend=mend)

        async def log_in(_: Narrowed) -> Credentials:
            return Credentials("flusher", "x")

        return Way(CacheTarget("10.0.0.1"), Safe("flusher at 10.0.0.1:6379"), log_in)


def snapshots(ago: timedelta, status: str = "available") -> dict[str, Any]:
    made = {"SnapshotName": "nightly", "SnapshotStatus": status, "NodeSnapshots": [{"SnapshotCreateTime": NOW - ago}]}
    return {"DescribeSnapshots": {"Snapshots": [made]}}


def group(roles: tuple[str, str] = ("primary", "replica"), **otherwise: Any) -> dict[str, Any]:
    members = [
        {"CacheClusterId": name, "CurrentRole": role}
        for name, role in zip(("sessions-001", "sessions-002"), roles, strict=True)
    ]
    told = {
        "ReplicationGroupId": "sessions",
        "ARN": f"arn:aws:elasticache:{HERE}:replicationgroup:sessions",
        "Status": "available",
        "NodeGroups": [{"NodeGroupId": "0001", "Status": "available", "NodeGroupMembers": members}],
    }
    return {"DescribeReplicationGroups": {"ReplicationGroups": [told | otherwise]}}


NODE = {"CacheClusterStatus": "available", "ReplicationGroupId": "sessions"}
WELL: Mapping[str, Any] = {
    "DescribeCacheClusters": {"CacheClusters": [NODE]},
    **group(),
    **snapshots(timedelta(hours=3)),
    "ListTagsForResource": {"TagList": [{"Key": "dbconsole:flushable", "Value": "true"}]},
}
CPU = {("orders-primary", "CPUUtilization"): Value(43.0, NOW), ("orders-primary", "ReadIOPS"): Value(1240.0, NOW)}
BUSY = CPU | {("orders-primary", "CPUUtilization"): Value(71.0, NOW)}


@dataclass(frozen=True)
class Look:
    """``aws``: answers that are otherwise; ``one`` and ``two``: nodes that are."""

    check: str
    when: str
    aws: Mapping[str, Any] = field(default_factory=dict)
    one: Told = field(default_factory=lambda: Told(INFO))
    two: Told = field(default_factory=lambda: Told(REPLICA))
    chosen: str = "sessions-001"
    scope: str = ""
    has_login: bool = True
    origins: tuple[str, ...] = ("orders-primary",)
    values: Mapping[tuple[str, str], Value] = field(default_factory=lambda: CPU)


SILENT = CannotCollect("10.0.0.1:6379 refuses connections.", mend="Is it running?")
NOT_TAKEN: Mapping[str, Any] = {"DescribeSnapshots": {"Snapshots": []}}
TAGGED_NO = {"ListTagsForResource": {"TagList": [{"Key": "dbconsole:flushable", "Value": "no"}]}}
LOOKS = (
    Look("status", "the group changes", group(Status="modifying")),
    Look("primary", "a replica was chosen", chosen="sessions-002"),
    Look("node", "AWS and the node disagree", group(("replica", "primary"))),
    Look("node", "no primary answers", chosen="sessions-002", one=Told(INFO, refuses=SILENT)),
    Look("node", "two say that they are", group(("", "")), two=Told(REPLICA | {"role": "master"})),
    Look("node", "two names lead to one node", two=Told(REPLICA | {"run_id": "a" * 40})),
    Look("node", "its cluster has another primary", one=Told(INFO | CLUSTER, neighbours=f"{OURS}\n{THEIRS}")),
    Look("tag", "it is not tagged", {"ListTagsForResource": {"TagList": []}}),
    Look("tag", "it is tagged otherwise", TAGGED_NO),
    Look("scope", "that database is empty", scope="database:7"),
    Look("scope", "a cluster has one", one=Told(INFO | CLUSTER, neighbours=OURS), scope="database:7"),
    Look("under-way", "a snapshot is made", snapshots(timedelta(0), "creating")),
    Look("under-way", "it fails over", one=Told(INFO | {"master_failover_state": "waiting-for-sync"})),
    Look("under-way", "it is scaled", group(PendingModifiedValues={"Resharding": {"SlotMigration": 1}})),
    Look("login", "the profile names nobody", has_login=False),
    Look("store", "nothing is evicted", one=Told(INFO | {"maxmemory_policy": "noeviction"})),
    Look("store", "its keys have no TTL", one=Told(INFO, ttl=-1)),
    Look("store", "it holds streams", one=Told(INFO, kind="stream")),
    Look("store", "its keys may not be looked at", one=Told(INFO, may_not_scan=True)),
    Look("head-room", "the origin is busy", values=BUSY),
    Look("head-room", "the profile names no origin", origins=()),
    Look("head-room", "nobody tells the origin's CPU", values={}),
    Look("snapshot", "there is none", NOT_TAKEN),
    Look("snapshot", "it is old", snapshots(timedelta(hours=50))),
)
OF_PREFIXES = (
    Look("scope", "no sampled key has it", scope="prefix:0:cart:"),
    Look("scope", "that database is empty", scope="prefix:4:cart:"),
)


async def looked(name: str, how: Look | None = None) -> Sight:
    """All is well but for ``how``."""
    look = how or Look("", "")
    inside = Inside(values=dict(look.values), of_origins={look.chosen: look.origins})
    hands = Own({"sessions-001": look.one, "sessions-002": look.two}, look.has_login)
    craft = crafts(lambda *_: None, inside, hands)[name]
    return await craft.look(Recorded(**{**WELL, **look.aws}), target_of(name, look), NOW)


def target_of(name: str, look: Look) -> Target:
    arn = f"arn:aws:elasticache:{HERE}:cluster:{look.chosen}"
    return replace(
        TARGET, about=look.chosen, name=look.chosen, kind="cache", engine="redis", arn=arn,
        scope=look.scope or SCOPES[name],
    )  # fmt: skip


async def of_caches() -> AsyncIterator[tuple[str, str, Check]]:
    """By the action: all of one, and of the others one of each check and what is their own."""
    first = {look.check: look for look in reversed(LOOKS)}
    others = tuple(look for check, look in first.items() if check != "scope")
    for name, looks in (("flush.database", LOOKS), ("flush.prefix", (*OF_PREFIXES, *others)), ("flush.all", others)):
        for look in looks:
            sight = await looked(name, look)
            check = next(each for each in sight.checks if each.name == look.check)
            assert check.verdict is not Verdict.PASS, (name, look.when)
            yield name, look.when, check
