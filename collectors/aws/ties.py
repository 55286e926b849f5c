"""What ties a resource to its source and its copies, as its describe call tells? To be asked by, not to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from collectors.aws.answers import Answer, address, many, text, within

FOLLOWS = "read replication"  # of the status infos of an instance, the only type there is
MAKING = frozenset({"creating"})
HALTING = frozenset(
    {
        *("stopped", "stopping", "starting", "rebooting", "deleting", "failed", "storage-full"),
        *("inaccessible-encryption-credentials", "incompatible-restore", "incompatible-network", "restore-error"),
    }
)
"""In which nothing can be told of a link. Others come and go each night, and a tie that moves is news of the whole."""


@dataclass(frozen=True, slots=True)
class Word:
    """What AWS says of one link. ``is_normal`` False: it calls it an error, whatever the status."""

    status: str = ""
    is_normal: bool = True
    message: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One replica of a global table."""

    region: str
    word: Word


@dataclass(frozen=True, slots=True)
class Ties:
    status: str = ""  # of the resource itself, where it is one of the above
    source: str = ""  # whom it follows: DBInstanceIdentifier, DBClusterIdentifier or an ARN
    word: Word | None = None  # of that link; None where AWS says nothing of it
    group: str = ""  # the cluster or replication group it belongs to
    shard: str = ""  # of that group
    door: tuple[str, int] | None = None  # where whoever is primary of that shard answers
    tier: int | None = None  # who takes over first: the lowest
    az: str = ""
    standby_az: str = ""
    elsewhere: tuple[Elsewhere, ...] = ()


NO_TIES = Ties()


@dataclass(frozen=True, slots=True)
class Member:
    """A node as its replication group tells of it."""

    role: str  # primary or replica; empty where AWS keeps it to itself
    shard: str
    door: tuple[str, int] | None = None  # of the shard's primary, whoever that is; a group of many shards has none


def of_instance(answer: Answer) -> Ties:
    infos = (each for each in many(answer, "StatusInfos") if text(each, "StatusType") in ("", FOLLOWS))
    info = next(iter(infos), None)
    tier = within(answer, "PromotionTier")
    return Ties(
        status=_telling(text(answer, "DBInstanceStatus")),
        source=text(answer, "ReadReplicaSourceDBInstanceIdentifier")
        or text(answer, "ReadReplicaSourceDBClusterIdentifier"),
        word=None if info is None else _word(info),
        group=text(answer, "DBClusterIdentifier"),
        tier=tier if isinstance(tier, int) else None,
        az=text(answer, "AvailabilityZone"),
        standby_az=text(answer, "SecondaryAvailabilityZone") if within(answer, "MultiAZ") is True else "",
    )


def _telling(status: str) -> str:
    return status if status in MAKING | HALTING else ""


def _word(info: Answer) -> Word:
    return Word(text(info, "Status"), within(info, "Normal") is not False, text(info, "Message"))


def members(answer: Answer) -> dict[str, Member]:
    """Of a replication group over all its shards, by their names."""
    return {
        name: Member(
            text(member, "CurrentRole"),
            text(shard, "NodeGroupId"),
            address(shard, "PrimaryEndpoint", "Address", port=within(shard, "PrimaryEndpoint", "Port")),
        )
        for shard in many(answer, "NodeGroups")
        for member in many(shard, "NodeGroupMembers")
        if (name := text(member, "CacheClusterId"))
    }


def of_cache(answer: Answer, nodes: Mapping[str, Member]) -> Ties:
    member = nodes.get(text(answer, "CacheClusterId"))
    return Ties(
        status=_telling(text(answer, "CacheClusterStatus")),
        group=text(answer, "ReplicationGroupId"),
        shard=member.shard if member else "",
        door=member.door if member else None,
        az=text(answer, "PreferredAvailabilityZone"),
    )


def of_table(answer: Answer, region: str) -> Ties:
    """Its replicas in other regions: the list may have the table itself."""
    replicas = ((text(each, "RegionName"), each) for each in many(answer, "Replicas"))
    return Ties(
        status=_telling(text(answer, "TableStatus").lower()),
        elsewhere=tuple(
            Elsewhere(name, Word(text(each, "ReplicaStatus"), message=text(each, "ReplicaStatusDescription")))
            for name, each in sorted(replicas, key=lambda pair: pair[0])
            if name not in ("", region)
        ),
    )
