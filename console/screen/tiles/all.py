"""Which tiles are there? By the names that a profile uses."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.safe import Safe
from console.screen.tiles import about, cache, kept, lag, metrics, sessions, waits
from console.screen.tiles.tile import Tile

_SQL = frozenset({"instance"})
_COPIED = frozenset({"instance", "cluster", "cache", "table"})

TILES: Mapping[str, Tile] = {
    tile.name: tile
    for tile in (
        Tile("cloudwatch", Safe("CLOUDWATCH"), metrics.tell, "resource", "cloudwatch"),
        Tile("waits", Safe("WAITS"), waits.tell, "waits", "waits", _SQL),
        Tile("cache", Safe("CACHE"), cache.tell, "cache", "cache", frozenset({"cache"})),
        Tile("lag", Safe("REPLICA LAG"), lag.tell, "replication", "replica-lag", _COPIED),
        Tile("backups", Safe("BACKUPS"), kept.tell, "backups", "backups", _COPIED),
        Tile("events", Safe("EVENTS"), about.events, "events", "events"),
        Tile("alarms", Safe("ALARMS"), about.alarms, "resource", "alarms"),
        Tile("facts", Safe("DECLARED AND FOUND"), about.facts, "resource", "inventory"),
        Tile("findings", Safe("FINDINGS"), about.findings, "resource"),
        Tile("activity", Safe("ACTIVITY"), sessions.activity, "activity", "sessions", _SQL),
        Tile("blocking", Safe("BLOCKING"), sessions.blocking, "blocking", "sessions", _SQL),
    )
}
