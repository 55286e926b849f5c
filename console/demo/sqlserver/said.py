"""How is an answer written? Rows by the names of their columns, and the row that says who counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from collectors.database.rows import Rows
from console.demo.sqlserver.moment import Moment


def rows(each: Iterable[Mapping[str, object]], columns: tuple[str, ...] = ()) -> Rows:
    """``columns``: as they are named where there may be no row."""
    found = list(each)
    names = tuple(found[0]) if found else columns
    return Rows(names, tuple(tuple(row[name] for name in names) for row in found))


def told(t: float) -> datetime:
    """As the driver gives a time: without a zone."""
    return datetime.fromtimestamp(t, UTC).replace(tzinfo=None)


def who(moment: Moment) -> dict[str, object]:
    return {"node": moment.node.name, "started": told(moment.node.started)}


def counting(moment: Moment) -> Rows:
    """Who counted, since when, and how many milliseconds its machine has been up."""
    return rows([{**who(moment), "ms_ticks": int(1000 * (moment.t - moment.node.started))}])
