"""Who may take over, and what is there to know of each before one is chosen? From the estate alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.glance import LAG, first
from console.screen.picture import Picture
from console.screen.values import Signs, said
from widgets.menu import Item

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res

WRITER, READER = "writer", "reader"
UNKNOWN_TIER = "99"


def has_standby(res: Res) -> bool:
    """Whether AWS says that it has one in another zone."""
    return bool(_fact(res, "SecondaryAvailabilityZone")) or _fact(res, "MultiAZ") == "yes"


def readers(picture: Picture, resource: str) -> list[Safe]:
    """Of the cluster that it is or that it writes for, the likeliest first; none of a reader, which is meant itself."""
    res = picture.resources.get(resource)
    if res is None:
        return []
    cluster = resource if res.kind == "cluster" else res.cluster if res.role == WRITER else None
    if cluster is None:
        return []
    found = {name: each for name, each in picture.resources.items() if each.cluster == cluster and each.role == READER}
    return [sanitise(name) for name in sorted(found, key=lambda name: _rank(name, found[name]))]


def _rank(name: str, res: Res) -> tuple[bool, str, float, str]:
    lag = first(res, LAG)
    behind = lag.v if lag is not None and lag.v is not None else float("inf")
    return res.status != "available", (_fact(res, "PromotionTier") or UNKNOWN_TIER).zfill(2), behind, name


def item(picture: Picture, name: Safe, signs: Signs) -> Item:
    """What one would ask of it before giving it the role."""
    res = picture.resources[name]
    lag, _ = said(first(res, LAG), picture.now_ms or res.seen, signs)
    tier = _fact(res, "PromotionTier")
    known = (res.az, _fact(res, "DBInstanceClass"), f"lag {lag}", f"tier {tier}" if tier else "")
    unwell = "" if res.status == "available" else f"is {res.status}"
    return Item(str(name), name, sanitise("  ".join(filter(None, (unwell, *known)))))


def title(picture: Picture, resource: str) -> Safe:
    """With the class of the one that gives the role away: a smaller one may not bear the load."""
    res = picture.resources[resource]
    cluster = resource if res.kind == "cluster" else res.cluster
    members = ((name, each) for name, each in picture.resources.items() if each.cluster == cluster)
    name, writer = next(((name, each) for name, each in members if each.role == WRITER), (resource, res))
    size = _fact(writer, "DBInstanceClass")
    return sanitise(f"Who takes over from {name}{f' ({size})' if size else ''}?")


def way(offer: str, resource: str, picture: Picture) -> Safe:
    """What one of several things that a key stands for would do to it."""
    res = picture.resources[resource]
    if offer == "promote":
        source = _fact(res, "ReadReplicaSource") or "its source"
        return sanitise(f"it leaves {source} for good and becomes a primary of its own")
    az = _fact(res, "SecondaryAvailabilityZone")
    return sanitise(f"it stays a replica; its standby{f' in {az}' if az else ''} takes over")


def _fact(res: Res, name: str) -> str:
    return str(res.facts.get(sanitise(name), ""))
