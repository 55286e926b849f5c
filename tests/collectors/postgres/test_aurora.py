"""Rows of `aurora_replica_status()` as AWS documents them: a writer, two readers, milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collectors.database.rows import Rows
from collectors.inside.replication import LinkState, Replication
from collectors.postgres.asking import Question, Server, Servers
from collectors.postgres.aurora import WRITER, AuroraLag, AuroraRow, judged, replication
from collectors.readings import ReplicaLag, ResourceId
from collectors.safe import Safe, sanitise

NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)


def rows(ours: str) -> list[AuroraRow]:
    """Of the instance that answers, the time of the last update may be NULL."""

    def row(server_id: str, session_id: str, read: int, lag: float | None) -> AuroraRow:
        return AuroraRow(
            asked=NOW, ours=ours, server_id=server_id, session_id=session_id, durable_lsn=700, highest_lsn_rcvd=700,
            current_read_lsn=read, replica_lag_in_msec=lag,
            last_update_timestamp=None if server_id == ours else NOW - timedelta(milliseconds=300),
        )  # fmt: skip

    return [
        row("catalogue-1", WRITER, 700, None),
        row("catalogue-2", "55c44a35-6c54-4a4d-8f8b-0a6a0f3f0f7c", 690, 18.4),
        row("catalogue-3", "0f1b6a2e-3e0f-4f0a-9d4b-6b1d3e4c5d6e", 700, 12.0),
    ]


def known_as(name: str) -> ResourceId | None:
    return ResourceId(sanitise(name))


def told(ours: str) -> Replication:
    return replication(ResourceId(sanitise(ours)), NOW, rows(ours), known_as)


def test_the_writer_tells_of_each_reader_in_milliseconds() -> None:
    found = told("catalogue-1")
    assert (found.role, found.upstream) == ("writer", ())
    assert [(link.source, link.copy, link.state) for link in found.downstream] == [
        ("catalogue-1", "catalogue-2", LinkState.BEHIND),
        ("catalogue-1", "catalogue-3", LinkState.IN_STEP),
    ]
    link = found.downstream[0]
    assert (link.lag.seconds, link.lag.fine, link.unsent.bytes) == (0.0184, True, 0)


def test_a_reader_tells_of_its_own_link() -> None:
    found = told("catalogue-2")
    assert (found.role, found.downstream) == ("reader", ())
    (link,) = found.upstream
    assert (link.source, link.copy, link.lag.fine) == ("catalogue-1", "catalogue-2", True)


def test_one_that_told_nothing_for_long_is_silent_and_without_a_writer_all_is_broken() -> None:
    writer, reader, _ = rows("catalogue-1")
    late = reader.model_copy(update={"last_update_timestamp": NOW - timedelta(seconds=31)})
    state, lag, _ = judged(late, writer)
    assert (state, lag.seconds, lag.at_least) == (LinkState.SILENT, 31.0, True)
    assert judged(reader, None)[0] is LinkState.BROKEN


@given(st.one_of(st.none(), st.floats(0, 1e6)), st.one_of(st.none(), st.floats(0, 100)), st.booleans())
def test_a_reader_is_judged_by_the_table(lag_ms: float | None, quiet: float | None, has_writer: bool) -> None:
    writer, reader, _ = rows("catalogue-1")
    heard = None if quiet is None else NOW - timedelta(seconds=quiet)
    row = reader.model_copy(update={"replica_lag_in_msec": lag_ms, "last_update_timestamp": heard})
    state, lag, why = judged(row, writer if has_writer else None)
    if not has_writer:
        assert (state, lag.is_known) == (LinkState.BROKEN, False)
    elif quiet is not None and timedelta(seconds=quiet) > timedelta(seconds=30):
        assert state is LinkState.SILENT
        assert lag.seconds
    elif lag_ms is None:
        assert (state, lag.is_known, bool(why)) == (LinkState.UNKNOWN, False, True)
    else:
        assert state in (LinkState.BEHIND, LinkState.IN_STEP)
        assert lag.fine


class Cluster(Server, Servers):
    """Answers with rows as they are documented, for none can be run here."""

    def __init__(self, found: Sequence[AuroraRow]) -> None:
        self._found = found

    async def ask(self, question: Question) -> Rows:
        assert question.name == "aurora_replicas"
        columns = tuple(AuroraRow.model_fields)
        return Rows(columns, tuple(tuple(row.model_dump()[name] for name in columns) for row in self._found))

    def of(self, about: ResourceId) -> Server:
        return self

    def known_as(self, name: str) -> ResourceId | None:
        return known_as(name)


async def test_of_a_reader_there_is_a_lag_that_the_database_itself_told() -> None:
    about = ResourceId(Safe("catalogue-2"))
    found = [each async for each in AuroraLag(Cluster(rows("catalogue-2")), lambda: NOW).collect(about)]
    (lag,) = (each for each in found if isinstance(each, ReplicaLag))
    assert (lag.source, lag.state, lag.direct) == ("catalogue-1", "behind", True)
    assert lag.lag is not None
    assert abs(lag.lag.total_seconds() - 0.0184) < 1e-6
