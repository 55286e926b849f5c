"""Which answer belongs to which tag? Each topic brings its own; all are computed from the one model."""

from __future__ import annotations

from collections.abc import Mapping

from console.demo.sqlserver import indexes, queries, query_store, sessions
from console.demo.sqlserver.moment import Answer

ANSWERS: Mapping[str, Answer] = {
    **sessions.ANSWERS,
    **queries.ANSWERS,
    **query_store.ANSWERS,
    **indexes.ANSWERS,
}
