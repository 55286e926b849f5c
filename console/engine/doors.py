"""At which endpoints is knocked for a resource? Pure, by what the inventory knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from collectors.aws.known import Found


def doors(about: Found, all_there_are: Iterable[Found]) -> tuple[Found, ...]:
    """One, or each node of a shard whose primary has no name of its own.

    A cluster has its own endpoint. A node of a replication group has that of its shard's primary, which AWS moves.
    """
    if about.kind != "cache" or not about.ties.group:
        return (about,)
    if about.ties.door is not None:
        return (replace(about, endpoint=about.ties.door),)
    nodes = [each for each in all_there_are if each.kind == "cache" and _shard(each) == _shard(about)]
    return tuple(sorted(nodes, key=lambda each: each.id)) or (about,)


def members(cluster: Found, all_there_are: Iterable[Found]) -> Sequence[Found]:
    """Whose logins are the cluster's too: a profile may name them, and not it."""
    return [each for each in all_there_are if each.place == cluster.place and each.ties.group == cluster.name]


def _shard(found: Found) -> tuple[object, ...]:
    return found.place, found.ties.group, found.ties.shard
