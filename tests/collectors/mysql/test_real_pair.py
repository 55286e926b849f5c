"""A real MariaDB source and its replica: what is told of their link is right within two refreshes, whatever happens."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from collectors.database.credentials import Credentials
from collectors.database.secret import Secret
from collectors.errors import CannotCollect, Denied, Expired
from collectors.inside.replication import Link, LinkState, Replication
from collectors.mysql.asking import Servers
from collectors.mysql.collector import ReplicationOfMySql
from collectors.mysql.identity import SERVER
from collectors.mysql.wire.target import Encryption, Target
from collectors.mysql.wire.wired import Wired
from collectors.readings import Reading, ReplicaLag, ResourceId
from collectors.safe import Safe
from collectors.threads import Threads
from tests.rig.mariadb import HEARTBEAT_S, Pair, Server, pair
from tests.rig.terminal import wait_until

SOURCE, REPLICA = ResourceId(Safe("archive")), ResourceId(Safe("archive-replica-1"))
REFRESH = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Given(Secret):
    user: str

    async def read(self) -> Credentials:
        return Credentials(self.user, "of-a-test")


class Both(Servers):
    def __init__(self, there: Pair, user: str, heartbeat: str) -> None:
        servers = {SOURCE: there.source, REPLICA: there.replica}
        self.wired = {
            about: Wired(
                Target("127.0.0.1", server.port, Encryption.OFF), Given(user), Threads(), time.monotonic,
                budget=1.0, heartbeat=heartbeat,
            )
            for about, server in servers.items()
        }  # fmt: skip

    def of(self, about: ResourceId) -> Wired:
        return self.wired[about]


class Watch:
    """The collector, whose clock moves on by a refresh before each pass."""

    def __init__(self, there: Pair, user: str = "watch", heartbeat: str = "") -> None:
        self.there = there
        self.now = datetime.now(UTC)
        self.servers = Both(there, user, heartbeat)
        _OPEN.append(self)
        self.collector = ReplicationOfMySql(self.servers, lambda: self.now)

    async def look(
        self, about: ResourceId = REPLICA, after: timedelta = REFRESH
    ) -> tuple[Replication, ReplicaLag | None]:
        self.now += after
        found: list[Reading] = [reading async for reading in self.collector.collect(about)]
        replication = found[0]
        assert isinstance(replication, Replication)
        lag = found[1] if len(found) > 1 else None
        assert lag is None or isinstance(lag, ReplicaLag)
        return replication, lag

    async def link(self, after: timedelta = REFRESH) -> tuple[Link, ReplicaLag]:
        replication, lag = await self.look(after=after)
        assert lag is not None
        (link,) = replication.upstream
        assert str(link.state) == lag.state
        return link, lag

    async def both(self) -> tuple[Link, ReplicaLag]:
        """A refresh of source and replica."""
        await self.look(SOURCE)
        return await self.link(timedelta(0))

    async def alive(self) -> tuple[Link, ReplicaLag]:
        """The same, in which the link has given a sign of life."""
        self.beat()
        return await self.both()

    async def close(self) -> None:
        for server in self.servers.wired.values():
            await server.close()

    def beat(self) -> None:
        """Until the link has given another sign of life."""

        def beats() -> int:
            return int(self.there.replica.sql("SHOW ALL SLAVES STATUS")[0]["Slave_received_heartbeats"])

        before = beats()
        wait_until(lambda: beats() != before, "a heartbeat")


_OPEN: list[Watch] = []


@pytest.fixture(scope="module")
def running() -> Iterator[Pair]:
    with pair() as there:
        for server in (there.source, there.replica):
            server.sql(
                "SET sql_log_bin = 0",
                "CREATE USER watch@'%' IDENTIFIED BY 'of-a-test'",
                "GRANT SLAVE MONITOR, BINLOG MONITOR, REPLICATION MASTER ADMIN, PROCESS ON *.* TO watch@'%'",
                "GRANT SELECT ON shop.heartbeat TO watch@'%'",
                "CREATE USER nobody@'%' IDENTIFIED BY 'of-a-test'",
            )
        yield there


@pytest.fixture
async def watch(running: Pair) -> AsyncIterator[Watch]:
    running.follow()
    watch = Watch(running)
    await watch.look(SOURCE)
    await watch.link()
    yield watch
    while _OPEN:
        await _OPEN.pop().close()


_ids = iter(range(1000, 10**9))


def write(server: Server, rows: int = 1) -> int:
    """The id of the last row."""
    ids = [next(_ids) for _ in range(rows)]
    values = ", ".join(f"({each}, REPEAT('x', 2000))" for each in ids)
    server.sql(f"INSERT INTO shop.orders VALUES {values}")  # noqa: S608 - numbers of our own
    return ids[-1]


async def test_an_idle_source_is_no_lag_and_it_does_not_grow(watch: Watch) -> None:
    for _ in range(4):
        link, lag = await watch.alive()
        assert (link.state, link.lag.seconds, link.unsent.bytes, link.unapplied.bytes) == (LinkState.IN_STEP, 0, 0, 0)
        assert (lag.lag, lag.source, lag.direct) == (timedelta(0), SOURCE, True)
        assert link.heard == watch.now
        assert (link.source, link.copy) == (SOURCE, REPLICA)


async def test_the_source_tells_of_its_replica_what_the_replica_told(watch: Watch) -> None:
    await watch.alive()
    replication, lag = await watch.look(SOURCE)
    (link,) = replication.downstream
    assert (replication.role, lag, replication.notes) == ("primary", None, ())
    assert (link.source, link.copy, link.state) == (SOURCE, REPLICA, LinkState.IN_STEP)
    assert "has sent all binlog" in link.told


async def test_a_link_that_is_cut_is_broken_and_its_lag_is_none(watch: Watch) -> None:
    watch.there.line.cut()
    watch.there.until(Slave_IO_Running="Connecting")
    write(watch.there.source)
    link, lag = await watch.both()
    assert (link.state, lag.lag) == (LinkState.BROKEN, None)
    link, _ = await watch.both()
    assert link.lag.at_least
    assert (link.lag.seconds or 0) >= 5
    assert link.unsent.bytes
    wait_until(lambda: watch.there.status()["Last_IO_Errno"], "an error of the thread that reads")
    link, _ = await watch.both()
    assert "127.0.0.1" in link.why
    watch.there.line.mend()
    watch.there.until(Slave_IO_Running="Yes")
    watch.there.until_applied()
    link, _ = await watch.alive()
    assert link.state == LinkState.IN_STEP


async def test_a_reader_that_somebody_stopped_is_broken(watch: Watch) -> None:
    watch.there.replica.sql("STOP SLAVE IO_THREAD")
    link, lag = await watch.both()
    assert (link.state, lag.lag) == (LinkState.BROKEN, None)
    assert "somebody stopped" in link.why


async def test_a_link_that_hangs_half_open_is_silent_although_the_replica_says_zero(watch: Watch) -> None:
    watch.beat()
    await watch.both()
    watch.there.line.stall()
    for _ in range(2):
        link, lag = await watch.both()
    status = watch.there.status()
    assert (status["Slave_IO_Running"], status["Seconds_Behind_Master"]) == ("Yes", 0)
    assert (link.state, lag.lag) == (LinkState.SILENT, None)
    assert link.lag.at_least
    before = link.lag.seconds
    link, _ = await watch.both()
    assert (link.lag.seconds or 0) - (before or 0) == pytest.approx(5)
    assert "neither data nor a heartbeat" in link.why


async def test_without_heartbeats_the_source_shows_that_nothing_comes(watch: Watch) -> None:
    """A pass of each is all it takes to see that there is more, and two refreshes that it does not come."""
    watch.there.change("MASTER_HEARTBEAT_PERIOD=0")
    await watch.both()
    watch.there.line.stall()
    write(watch.there.source)
    link, lag = await watch.both()
    assert (link.state, bool(link.unsent.bytes)) == (LinkState.BEHIND, True)
    assert (link.lag.seconds, lag.lag) == (None, None)  # the replica says 0
    for _ in range(2):
        link, lag = await watch.both()
    assert (link.state, lag.lag) == (LinkState.SILENT, None)
    assert "the source has written more" in link.why


async def test_applying_that_somebody_stopped_is_a_pause(watch: Watch) -> None:
    watch.there.replica.sql("STOP SLAVE SQL_THREAD")
    link, lag = await watch.alive()
    assert (link.state, lag.lag) == (LinkState.PAUSED, timedelta(0))  # nothing was written: nothing is missing
    write(watch.there.source)
    watch.there.until_read()
    assert watch.there.status()["Seconds_Behind_Master"] is None
    lags = []
    for _ in range(3):
        link, lag = await watch.alive()
        lags.append(link.lag.seconds)
        assert (link.state, bool(link.unapplied.bytes)) == (LinkState.PAUSED, True)
    assert lags == [0, 5, 10]


async def test_an_error_of_applying_is_told_without_the_statement(watch: Watch) -> None:
    number = next(_ids)
    twice = f"INSERT INTO shop.orders VALUES ({number}, 'a secret of a customer')"  # noqa: S608 - a number of our own
    watch.there.replica.sql(twice)
    watch.there.source.sql(twice)
    watch.there.until(Slave_SQL_Running="No")
    link, lag = await watch.both()
    assert (link.state, lag.lag) == (LinkState.BROKEN, None)
    assert "error 1062" in link.why
    assert "secret" in watch.there.status()["Last_SQL_Error"]
    assert "secret" not in repr(link)
    link, _ = await watch.alive()
    assert (link.lag.at_least, link.lag.seconds) == (True, 5)


async def test_a_replica_that_is_locked_falls_behind_and_says_why(watch: Watch) -> None:
    with closing(watch.there.replica.connected()) as holder, holder.cursor() as cursor:
        cursor.execute("LOCK TABLES shop.orders READ")
        write(watch.there.source)
        watch.there.until_read()
        wait_until(lambda: "lock" in watch.there.status()["Slave_SQL_Running_State"].lower(), "waiting for the lock")
        for _ in range(3):
            link, lag = await watch.alive()
        assert (link.state, bool(link.unapplied.bytes)) == (LinkState.BEHIND, True)
        assert lag.lag
        assert lag.lag >= timedelta(seconds=10)
        assert "lock" in link.why
    watch.there.until_applied()
    link, lag = await watch.alive()
    assert (link.state, lag.lag) == (LinkState.IN_STEP, timedelta(0))


async def test_a_frozen_replica_is_not_told_of(watch: Watch) -> None:
    watch.there.replica.freeze()
    try:
        with pytest.raises(CannotCollect, match="did not answer within"):
            await watch.link()
    finally:
        watch.there.replica.thaw()
    link, _ = await watch.alive()
    assert link.state == LinkState.IN_STEP


async def test_under_load_it_is_behind_or_in_step_and_never_dead(watch: Watch) -> None:
    states = set()
    for _ in range(12):
        write(watch.there.source, 400)
        watch.there.until_read()
        link, lag = await watch.both()
        states.add(link.state)
        assert lag.lag is not None or link.unsent.bytes
    assert states <= {LinkState.IN_STEP, LinkState.BEHIND}
    watch.there.until_applied()
    link, lag = await watch.alive()
    assert (link.state, lag.lag) == (LinkState.IN_STEP, timedelta(0))


async def test_a_new_file_of_the_source_is_no_lag(watch: Watch) -> None:
    write(watch.there.source)
    watch.there.source.sql("FLUSH BINARY LOGS")
    watch.there.until_applied()
    link, _ = await watch.alive()
    assert (link.state, link.lag.seconds) == (LinkState.IN_STEP, 0)


async def test_one_that_is_late_on_purpose_is_delayed(watch: Watch) -> None:
    watch.there.change(f"MASTER_DELAY=3600, MASTER_HEARTBEAT_PERIOD={HEARTBEAT_S}")
    write(watch.there.source)
    watch.there.until_read()
    for _ in range(4):
        link, _ = await watch.alive()
    assert link.state == LinkState.DELAYED
    assert "3600 s late on purpose" in link.mode


async def test_one_that_was_promoted_follows_nobody(watch: Watch) -> None:
    watch.there.replica.sql("STOP SLAVE", "RESET SLAVE ALL", "SET GLOBAL read_only = OFF")
    for _ in range(2):
        replication, lag = await watch.look()
    assert (replication.role, replication.upstream) == ("primary", ())
    assert lag is not None
    assert (lag.source, lag.lag, lag.state) == (None, None, "primary")


async def test_a_heartbeat_table_tells_how_old_the_data_is(watch: Watch) -> None:
    there = watch.there
    told = Watch(there, heartbeat="shop.heartbeat")
    there.source.sql("REPLACE INTO shop.heartbeat VALUES (UTC_TIMESTAMP(6) - INTERVAL 90 SECOND, 1)")
    there.until_applied()
    told.beat()
    link, _ = await told.both()
    assert link.state == LinkState.IN_STEP  # that nobody writes into the table is no lag
    assert dict(link.more)[Safe("heartbeat table")].startswith("9")
    there.replica.sql("STOP SLAVE SQL_THREAD")
    write(there.source)
    there.until_read()
    link, lag = await told.both()
    assert link.state == LinkState.PAUSED
    assert lag.lag
    assert timedelta(seconds=90) <= lag.lag < timedelta(seconds=120)


async def test_a_login_without_the_grant_is_told_which_it_needs(watch: Watch) -> None:
    blind = Watch(watch.there, user="nobody")
    blind.now += REFRESH
    collecting = blind.collector.collect(REPLICA)
    found = [await anext(collecting), await anext(collecting)]
    with pytest.raises(Denied) as denied:
        await anext(collecting)
    assert denied.value.grant == "SLAVE MONITOR"
    replication, lag = found
    assert isinstance(replication, Replication)
    assert isinstance(lag, ReplicaLag)
    assert [link.state for link in replication.upstream] == [LinkState.UNKNOWN]
    assert "SLAVE MONITOR" in replication.notes[0]
    assert (lag.lag, lag.state) == (None, "unknown")


async def test_a_login_with_some_grants_names_those_that_would_show_more(watch: Watch) -> None:
    watch.there.replica.sql("SET sql_log_bin = 0", "GRANT SLAVE MONITOR ON *.* TO nobody@'%'")
    try:
        some = Watch(watch.there, user="nobody")
        watch.beat()
        replication, lag = await some.look()
    finally:
        watch.there.replica.sql("SET sql_log_bin = 0", "REVOKE SLAVE MONITOR ON *.* FROM nobody@'%'")
    assert lag is not None
    assert str(lag.state) == "in step"
    assert any("BINLOG MONITOR" in note for note in replication.notes)


async def test_a_wrong_password_is_tried_once(watch: Watch) -> None:
    watch.there.replica.sql("SET sql_log_bin = 0", "CREATE OR REPLACE USER other@'%' IDENTIFIED BY 'another'")
    stranger = Watch(watch.there, user="other")

    def refused() -> int:
        return int(watch.there.replica.sql("SHOW GLOBAL STATUS LIKE 'Access_denied_errors'")[0]["Value"])

    before = refused()
    for _ in range(3):
        with pytest.raises(Expired, match="refuses the login of other"):
            await stranger.look()
    assert refused() == before + 1


async def test_what_is_asked_cannot_write_and_is_found_by_its_name(watch: Watch) -> None:
    await watch.both()
    attributes = watch.there.replica.sql(
        "SELECT a.ATTR_VALUE FROM performance_schema.session_connect_attrs AS a WHERE a.ATTR_NAME = 'program_name'"
    )
    assert "dbconsole" in {row["ATTR_VALUE"] for row in attributes}


async def test_no_password_is_sent_to_a_server_without_tls(watch: Watch) -> None:
    for encryption in (Encryption.VERIFY, Encryption.TRUST):
        target = Target("127.0.0.1", watch.there.replica.port, encryption)
        wired = Wired(target, Given("watch"), Threads(), time.monotonic)
        with pytest.raises(CannotCollect, match="does not speak TLS"):
            await wired.ask(SERVER)


async def test_a_connection_that_ended_is_made_anew(watch: Watch) -> None:
    (thread,) = watch.there.replica.sql("SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'watch'")
    watch.there.replica.sql(f"KILL {thread['ID']}")
    with pytest.raises(Exception, match="broke"):
        await watch.link()
    link, _ = await watch.alive()
    assert link.state == LinkState.IN_STEP
