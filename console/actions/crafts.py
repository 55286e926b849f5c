"""Which craft knows which action?"""

from __future__ import annotations

from collections.abc import Mapping

from console.actions.all import ACTIONS
from console.actions.craft import Craft
from console.actions.failovers.cache import OfCaches as FailoverOfCaches
from console.actions.failovers.cluster import OfClusters
from console.actions.failovers.instance import OfInstances
from console.actions.failovers.promotion import OfReplicas
from console.actions.flushes import caches as flushes
from console.actions.flushes.looking import Eyes
from console.actions.flushes.prefixes import OfPrefixes
from console.actions.hands import Hands
from console.actions.known import KnownInside
from console.actions.registry import Action
from console.actions.snapshots import databases
from console.actions.snapshots.caches import OfCaches
from console.actions.snapshots.databases import OfDatabases
from console.actions.snapshots.looked import Value
from console.actions.snapshots.tables import OfTables


def crafts(value: Value, inside: KnownInside, hands: Hands) -> Mapping[str, Craft]:
    """By the name of the action. ``value``: the newest of the estate's own; ``inside``: what it knows besides.

    ``hands``: what reads and changes caches and databases themselves.
    """
    by_name: dict[str, Action] = {action.name: action for action in ACTIONS}
    eyes = Eyes(hands, inside)
    made: tuple[Craft, ...] = (
        OfDatabases(by_name["snapshot.instance"], databases.INSTANCE, value),
        OfDatabases(by_name["snapshot.cluster"], databases.CLUSTER, value),
        OfCaches(by_name["snapshot.cache"], value),
        OfTables(by_name["snapshot.table"]),
        OfInstances(by_name["fail-over.instance"], inside),
        OfClusters(by_name["fail-over.cluster"], inside),
        FailoverOfCaches(by_name["fail-over.cache"], inside),
        OfReplicas(by_name["promote.instance"], inside),
        flushes.OfCaches(by_name["flush.database"], eyes),
        OfPrefixes(by_name["flush.prefix"], eyes),
        flushes.OfCaches(by_name["flush.all"], eyes),
    )
    return {craft.action.name: craft for craft in made}
