"""Both ends of an availability group, and of mirroring, as rows of their views: what is told, and what never is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlglot

from collectors.database.rows import Rows
from collectors.errors import CannotCollect, Denied
from collectors.inside.replication import Distance, Link, LinkState, Replication
from collectors.readings import Reading, ReplicaLag, ResourceId
from collectors.safe import Safe
from collectors.sqlserver.asking import Question, Server, Servers, text_of
from collectors.sqlserver.replication.collector import NO_NAMES, ReplicaDistance
from collectors.sqlserver.replication.rows import HeadRow, MirrorRow, ReplicaRow

THEN = datetime(2026, 3, 11, 10, 0)
NOW = THEN.replace(tzinfo=UTC)
PRIMARY, REPLICA = ResourceId(Safe("orders-primary")), ResourceId(Safe("orders-replica-1"))
Told = dict[str, list[dict[str, Any]] | Exception]


class Answering(Server, Servers):
    """Servers that answer what a test has put there; every resource has answers of its own."""

    def __init__(self) -> None:
        self.now = NOW
        self.told: dict[ResourceId, Told] = {}
        self._about = PRIMARY

    def of(self, about: ResourceId) -> Server:
        self._about = about
        return self

    async def ask(self, question: Question, *arguments: str | int) -> tuple[Rows, ...]:
        told = self.told[self._about][question.name]
        if isinstance(told, Exception):
            raise told
        columns = tuple(told[0]) if told else ()
        return (Rows(columns, tuple(tuple(row.values()) for row in told)),)


def head(node: str, *, grouped: int = 1, mirrored: int = 0, rds: int = 1, names: int = 1, at: datetime = THEN) -> Told:
    row = {"node": node, "server_name": node, "utc_now": at, "is_rds": rds, "sees_names": names}
    return {"replication": [{**row, "grouped": grouped, "mirrored": mirrored}]}


def replica(name: str, database: str | None = "orders", **more: Any) -> dict[str, Any]:
    """In step, and connected."""
    row: dict[str, Any] = dict.fromkeys(ReplicaRow.model_fields)
    row |= {"group_name": "ag", "primary_replica": "NODE-A", "replica_id": f"id of {name}", "is_local": 0}
    row |= {"role_desc": "SECONDARY", "connected_state_desc": "CONNECTED", "replica_server_name": name}
    row |= {"availability_mode_desc": "ASYNCHRONOUS_COMMIT", "secondary_role_allow_connections_desc": "ALL"}
    if database is not None:
        row |= {"database_id": sum(map(ord, database)), "database_name": database, "is_suspended": 0}
        row |= {"synchronization_state_desc": "SYNCHRONIZING", "redo_queue_size": 0, "redo_rate": 0}
        row |= {"last_commit": THEN}
    return row | more


def leader(database: str = "orders", **more: Any) -> dict[str, Any]:
    usual = {"role_desc": "PRIMARY", "is_local": 1, "synchronization_state_desc": "SYNCHRONIZED"}
    return replica("NODE-A", database, **{**usual, **more})


class Pair:
    """A primary and a replica, asked by one collector."""

    def __init__(self) -> None:
        self.servers = Answering()
        self.collector = ReplicaDistance(self.servers, lambda: self.servers.now)

    async def ask(self, about: ResourceId, told: Told) -> list[Reading]:
        self.servers.told[about] = told
        return [reading async for reading in self.collector.collect(about)]

    async def primary(self, *rows: dict[str, Any], **more: Any) -> tuple[Link, ...]:
        told = {**head("NODE-A", at=self.servers.now.replace(tzinfo=None), **more), "replicas": [leader(), *rows]}
        (found,) = await self.ask(PRIMARY, told)
        assert isinstance(found, Replication)
        return found.downstream

    async def replica(self, *rows: dict[str, Any]) -> tuple[Replication, ReplicaLag]:
        told = {**head("NODE-B", at=self.servers.now.replace(tzinfo=None)), "replicas": list(rows)}
        found, lag = await self.ask(REPLICA, told)
        assert isinstance(found, Replication)
        assert isinstance(lag, ReplicaLag)
        return found, lag


@pytest.mark.parametrize(
    ("name", "rows"), [("replication", HeadRow), ("replicas", ReplicaRow), ("mirroring", MirrorRow)]
)
def test_each_statement_gives_what_its_rows_are_read_by(name: str, rows: type[Any]) -> None:
    (statement,) = (each for each in sqlglot.parse(text_of(name), read="tsql") if each)
    assert set(statement.named_selects) == set(rows.model_fields)  # type: ignore[attr-defined]


async def test_the_primary_lists_all_copies_and_the_one_nobody_logs_in_to_is_the_standby() -> None:
    pair = Pair()
    await pair.replica(replica("NODE-B", is_local=1))
    standby = replica("NODE-S", secondary_role_allow_connections_desc="NO", synchronization_state_desc="SYNCHRONIZED")
    copies = await pair.primary(replica("NODE-B"), standby)
    assert [(link.source, link.copy, link.state) for link in copies] == [
        (PRIMARY, "Multi-AZ standby", LinkState.IN_STEP),
        (PRIMARY, REPLICA, LinkState.IN_STEP),
    ]
    assert (Safe("node"), Safe("NODE-S")) in copies[0].more
    (elsewhere,) = await pair.primary(standby, rds=0)
    assert elsewhere.copy == "NODE-S"  # of somebody's own machines it says only that nobody reads there


async def test_a_replica_tells_its_lag_by_its_sources_id_where_that_is_known() -> None:
    pair = Pair()
    waits = replica("NODE-B", is_local=1, redo_queue_size=10, redo_rate=5, last_commit=THEN - timedelta(seconds=3))
    found, lag = await pair.replica(waits)
    assert (lag.source, lag.lag, lag.state) == (None, timedelta(seconds=3), "behind")
    assert found.upstream[0].source == "NODE-A"
    await pair.primary(replica("NODE-B"))
    found, lag = await pair.replica(waits)
    assert (lag.source, found.upstream[0].source, found.role) == (PRIMARY, PRIMARY, "replica")


async def test_what_its_source_has_not_sent_is_no_zero_at_the_copy() -> None:
    """A copy that has applied all that came says so; that much more is to come only its source knows."""
    pair = Pair()
    own = replica("NODE-B", is_local=1)
    stuck = replica("NODE-B", log_send_queue_size=9000, last_sent=THEN, last_commit=THEN - timedelta(minutes=2))
    await pair.primary(stuck)
    found, lag = await pair.replica(own)
    assert (lag.lag, lag.state) == (timedelta(minutes=2), "behind")
    assert found.upstream[0].unsent == Distance(120.0, 9000 * 1024)
    pair.servers.now = NOW + timedelta(minutes=1)  # what the primary said then is too old to be believed
    _, lag = await pair.replica(own)
    assert (lag.lag, lag.state) == (timedelta(0), "in step")


async def test_a_link_that_broke_has_no_lag_and_says_since_when_nothing_was_heard() -> None:
    pair = Pair()
    await pair.primary(replica("NODE-B"))
    error = "An error occurred while establishing a connection"
    cut = {"connected_state_desc": "DISCONNECTED", "synchronization_state_desc": "NOT SYNCHRONIZING"}
    pair.servers.now = NOW + timedelta(seconds=40)
    (link,) = await pair.primary(replica("NODE-B", last_connect_error_description=error, **cut))
    assert (link.state, link.lag, link.heard, link.why) == (
        LinkState.BROKEN, Distance(40.0, at_least=True), NOW, error,
    )  # fmt: skip
    found, lag = await pair.replica(replica("NODE-B", is_local=1, last_hardened=THEN, **cut))
    assert (lag.lag, lag.state) == (None, "broken")
    assert found.upstream[0].lag == Distance(40.0, at_least=True)


async def test_a_link_that_is_open_and_dead_has_no_zero_either() -> None:
    """Connected, and no log is asked for; connected, and nothing goes through for too long."""
    pair = Pair()
    await pair.primary(replica("NODE-B"))
    pair.servers.now = NOW + timedelta(seconds=50)
    (link,) = await pair.primary(replica("NODE-B", synchronization_state_desc="NOT SYNCHRONIZING"))
    assert (link.state, link.lag) == (LinkState.BROKEN, Distance(50.0, at_least=True))
    (link,) = await pair.primary(replica("NODE-B", log_send_queue_size=5, last_sent=THEN))
    assert (link.state, link.lag) == (LinkState.SILENT, Distance(50.0, at_least=True))


async def test_a_paused_database_names_itself_and_why() -> None:
    held: dict[str, Any] = {"is_suspended": 1, "suspend_reason_desc": "SUSPEND_FROM_USER", "log_send_queue_size": 700}
    (link,) = await Pair().primary(replica("NODE-B", **held), replica("NODE-B", "archive"))
    assert (link.state, link.why) == (LinkState.PAUSED, "suspend from user")
    assert [(part.name, part.state) for part in link.parts] == [
        ("orders", LinkState.PAUSED), ("archive", LinkState.IN_STEP),
    ]  # fmt: skip


async def test_rates_that_are_zero_are_idle() -> None:
    (link,) = await Pair().primary(replica("NODE-B", log_send_queue_size=0, log_send_rate=0, redo_rate=7))
    assert {(Safe("send"), Safe("idle")), (Safe("redo"), Safe("7 KB/s"))} <= set(link.more)


async def test_a_server_with_neither_has_no_links_and_no_lag() -> None:
    (found,) = await Pair().ask(PRIMARY, head("NODE-A", grouped=0))
    assert isinstance(found, Replication)
    assert (found.role, found.upstream, found.downstream, found.notes) == ("primary", (), (), ())


async def test_who_may_not_see_is_told_unknown_with_the_grant_and_then_refused() -> None:
    servers = Answering()
    servers.told[PRIMARY] = {**head("NODE-A"), "replicas": Denied("No.", grant="VIEW SERVER STATE")}
    passing = aiter(ReplicaDistance(servers, lambda: NOW).collect(PRIMARY))
    found = await anext(passing)
    with pytest.raises(Denied):
        await anext(passing)
    assert isinstance(found, Replication)
    assert [link.state for link in found.downstream] == [LinkState.UNKNOWN]
    assert "VIEW SERVER STATE" in found.notes[0]


async def test_without_names_the_copies_are_still_told_apart() -> None:
    pair = Pair()
    hidden = {"replica_server_name": None, "availability_mode_desc": None}
    rows = [leader(), replica("1", **hidden), replica("2", **hidden)]
    (found,) = await pair.ask(PRIMARY, {**head("NODE-A", names=0), "replicas": rows})
    assert isinstance(found, Replication)
    assert [link.state for link in found.downstream] == [LinkState.IN_STEP] * 2
    assert found.notes == (NO_NAMES,)


async def test_an_answer_that_is_no_answer_is_said() -> None:
    with pytest.raises(CannotCollect, match="who it is"):
        await Pair().ask(PRIMARY, {"replication": []})


def mirror(state: int, said: str, role: str = "PRINCIPAL", **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(MirrorRow.model_fields)
    row |= {"database_name": "orders", "mirroring_state": state, "mirroring_state_desc": said}
    row |= {"mirroring_role_desc": role, "mirroring_role_sequence": 3, "mirroring_safety_level_desc": "FULL"}
    return row | {"mirroring_partner_instance": "NODE-M", "unsent_kb": 0, "unapplied_kb": 0} | more


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (mirror(0, "SUSPENDED"), LinkState.PAUSED),
        (mirror(1, "DISCONNECTED"), LinkState.BROKEN),
        (mirror(2, "SYNCHRONIZING", unsent_kb=8), LinkState.BEHIND),
        (mirror(2, "SYNCHRONIZING"), LinkState.IN_STEP),
        (mirror(2, "SYNCHRONIZING", unsent_kb=None, unapplied_kb=None), LinkState.UNKNOWN),
        (mirror(3, "PENDING_FAILOVER"), LinkState.IN_STEP),
        (mirror(4, "SYNCHRONIZED"), LinkState.IN_STEP),
        (mirror(5, "UNSYNCHRONIZED"), LinkState.BROKEN),
        (mirror(6, "SYNCHRONIZED"), LinkState.IN_STEP),
    ],
)
async def test_each_state_of_mirroring(row: dict[str, Any], state: LinkState) -> None:
    (found,) = await Pair().ask(PRIMARY, {**head("NODE-A", grouped=0, mirrored=1), "mirroring": [row]})
    assert isinstance(found, Replication)
    (link,) = found.downstream
    assert (link.copy, link.state, link.mode, found.role_changes) == ("Multi-AZ standby", state, "synchronous", 3)


async def test_a_mirror_follows_its_partner() -> None:
    told = {**head("NODE-A", grouped=0, mirrored=1, rds=0), "mirroring": [mirror(4, "SYNCHRONIZED", "MIRROR")]}
    found, lag = await Pair().ask(PRIMARY, told)
    assert isinstance(found, Replication)
    assert isinstance(lag, ReplicaLag)
    assert (found.role, found.upstream[0].source, lag.lag, lag.source) == ("replica", "NODE-M", timedelta(0), None)
