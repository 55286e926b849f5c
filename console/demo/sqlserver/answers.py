"""Which answer belongs to which tag? Each topic brings its own; all are computed from the one model."""

from __future__ import annotations

from collections.abc import Mapping

from console.demo.sqlserver import (
    backups,
    counters,
    deadlocks,
    files,
    indexes,
    memory,
    plan_cache,
    platform,
    queries,
    query_store,
    replicas,
    sessions,
    waits,
)
from console.demo.sqlserver.moment import Answer

ANSWERS: Mapping[str, Answer] = {
    **platform.ANSWERS,
    **waits.ANSWERS,
    **sessions.ANSWERS,
    **files.ANSWERS,
    **memory.ANSWERS,
    **counters.ANSWERS,
    **deadlocks.ANSWERS,
    **queries.ANSWERS,
    **plan_cache.ANSWERS,
    **query_store.ANSWERS,
    **indexes.ANSWERS,
    **replicas.ANSWERS,
    **backups.ANSWERS,
}
