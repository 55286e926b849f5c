"""MySQL proper, of which there is no package here: by the rows that its manual documents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from collectors.database.question import tag
from collectors.database.rows import Rows
from collectors.errors import CannotCollect, Denied
from collectors.inside.replication import Link, LinkState, Replication
from collectors.mysql.collector import ReplicationOfMySql
from collectors.mysql.identity import identity
from collectors.mysql.words import applying_failed
from collectors.readings import Reading, ReplicaLag, ResourceId
from collectors.safe import Safe
from tests.collectors.mysql.documented import (
    OF_REPLICA,
    OF_SOURCE,
    REPLICA_STATUS,
    Documented,
    Estate,
    rows,
    variables,
)

SOURCE, REPLICA = ResourceId(Safe("shop")), ResourceId(Safe("shop-replica-1"))


class Watched:
    def __init__(self, version: str = "8.0.40") -> None:
        self.now = datetime(2026, 3, 11, 10, tzinfo=UTC)
        self.source = Documented({"mysql_server": variables(1001, OF_SOURCE, version)})
        self.replica = Documented({"mysql_server": variables(1002, OF_REPLICA, version)})
        self.collector = ReplicationOfMySql(Estate({SOURCE: self.source, REPLICA: self.replica}), lambda: self.now)
        self.tell()
        self.connected(0, 1.0)

    def tell(self, **said: object) -> None:
        self.replica.answers["mysql_replica_status"] = rows({**REPLICA_STATUS, **said})

    def connected(self, heartbeats: int, age: float | None, period: float = 2.0) -> None:
        row = {"channel": "", "heartbeats": heartbeats, "heartbeat_period": period, "heartbeat_age": age}
        self.replica.answers["mysql_connections"] = rows(row)

    def working(self, busy: int, behind: float | None) -> None:
        row = {"channel": "", "workers": 4, "busy": busy, "behind": behind, "applying": behind}
        self.replica.answers["mysql_workers"] = rows(row)

    async def look(self, about: ResourceId = REPLICA) -> list[Reading]:
        self.now += timedelta(seconds=5)
        return [reading async for reading in self.collector.collect(about)]

    async def link(self) -> Link:
        replication, lag = await self.look()
        assert isinstance(replication, Replication)
        assert isinstance(lag, ReplicaLag)
        (link,) = replication.upstream
        return link


async def test_the_last_heartbeat_is_a_sign_of_life_and_an_old_one_of_none() -> None:
    watched = Watched()
    link = await watched.link()
    assert (link.state, link.lag.seconds) == (LinkState.IN_STEP, 0)
    assert link.heard == watched.now - timedelta(seconds=1)
    for heartbeats in range(1, 4):
        watched.connected(heartbeats, 0.5)
        assert (await watched.link()).state == LinkState.IN_STEP
    for age in (5.5, 10.5):
        watched.connected(3, age)
        link = await watched.link()
    assert (link.state, link.lag.at_least, link.lag.seconds) == (LinkState.SILENT, True, 10)


async def test_at_the_first_look_an_old_heartbeat_proves_nothing() -> None:
    """A source that writes all the time sends none."""
    watched = Watched()
    watched.connected(7, 900.0)
    assert (await watched.link()).state == LinkState.IN_STEP


async def test_data_is_a_sign_of_life_too() -> None:
    watched = Watched()
    for step in range(1, 5):
        watched.tell(Read_Source_Log_Pos=5000 + step, Exec_Source_Log_Pos=5000 + step)
        watched.connected(0, 5.0 * step)  # no heartbeat is sent while there is data
        assert (await watched.link()).state == LinkState.IN_STEP


async def test_the_age_of_what_is_applied_goes_before_seconds_behind() -> None:
    watched = Watched()
    for step in range(3):
        watched.tell(Read_Source_Log_Pos=9000 + step, Exec_Source_Log_Pos=6000 + step, Seconds_Behind_Source=0)
        watched.working(3, 42.5)
        link = await watched.link()
    assert (link.state, link.lag.seconds, link.unapplied.bytes) == (LinkState.BEHIND, 42.5, 3000)
    assert dict(link.more)[Safe("workers busy")] == "3 of 4"


async def test_a_transaction_in_several_files_is_behind_by_no_number_of_bytes() -> None:
    watched = Watched()
    watched.tell(Source_Log_File="mysql-bin-changelog.000009", Seconds_Behind_Source=30)
    link = await watched.link()
    assert (link.state, link.lag.seconds, link.unapplied.bytes) == (LinkState.BEHIND, 30, None)


async def test_the_source_is_known_by_its_uuid_and_says_what_would_be_lost() -> None:
    watched = Watched()
    watched.source.answers["mysql_master_status"] = rows({"File": "mysql-bin-changelog.000007", "Position": 5800})
    watched.source.answers["mysql_replicas"] = rows(
        {"Server_Id": 1002, "Host": "", "Port": 3306, "Source_Id": 1001, "Replica_UUID": OF_REPLICA}
    )
    await watched.look(SOURCE)
    watched.now -= timedelta(seconds=5)
    link = await watched.link()
    assert (link.source, link.state, link.unsent.bytes) == (SOURCE, LinkState.BEHIND, 800)
    (told,) = await watched.look(SOURCE)
    assert isinstance(told, Replication)
    assert [(each.copy, each.state) for each in told.downstream] == [(REPLICA, LinkState.BEHIND)]


@pytest.mark.parametrize(
    ("version", "status", "head", "followers"),
    [
        ("5.7.44-log", "mysql_slave_status", "mysql_master_status", "mysql_slave_hosts"),
        ("8.0.21", "mysql_slave_status", "mysql_master_status", "mysql_slave_hosts"),
        ("8.0.40", "mysql_replica_status", "mysql_master_status", "mysql_replicas"),
        ("8.4.3", "mysql_replica_status", "mysql_binary_log_status", "mysql_replicas"),
        ("9.1.0", "mysql_replica_status", "mysql_binary_log_status", "mysql_replicas"),
        ("10.11.8-MariaDB-log", "mysql_all_slaves_status", "mysql_master_status", "mysql_slave_hosts"),
    ],
)
async def test_each_version_is_asked_what_it_knows(version: str, status: str, head: str, followers: str) -> None:
    who = identity(variables(1, "", version))
    asked = (who.status, who.head, who.followers)
    assert tuple(question.name for question in asked) == (status, head, followers)
    assert [question.text.splitlines()[0] for question in asked] == [tag(question.name) for question in asked]


async def test_of_several_sources_the_one_that_is_worst_off_is_the_lag() -> None:
    watched = Watched()
    well = {**REPLICA_STATUS, "Channel_Name": "well"}
    late = {**REPLICA_STATUS, "Channel_Name": "late", "Read_Source_Log_Pos": 9000, "Seconds_Behind_Source": 77}
    watched.replica.answers["mysql_replica_status"] = rows(well, late)
    replication, lag = await watched.look()
    assert isinstance(replication, Replication)
    assert isinstance(lag, ReplicaLag)
    assert [link.state for link in replication.upstream] == [LinkState.IN_STEP, LinkState.BEHIND]
    assert (lag.lag, lag.state) == (timedelta(seconds=77), "behind")


async def test_another_node_under_the_same_name_begins_anew() -> None:
    """What the one before has read is nothing to compare with: nothing came, and nothing stands."""
    watched = Watched()
    watched.connected(0, None)
    watched.tell(Read_Source_Log_Pos=9000)
    await watched.link()
    watched.replica.answers["mysql_server"] = variables(1002, "another", "8.0.40")
    link = await watched.link()
    assert link.heard is None
    assert link.unapplied.seconds is None


async def test_what_performance_schema_may_not_show_is_noted_and_the_rest_is_told() -> None:
    watched = Watched()
    watched.replica.answers["mysql_connections"] = Denied("no", grant="SELECT ON performance_schema.*")
    replication, _ = await watched.look()
    assert isinstance(replication, Replication)
    assert replication.notes == ("SELECT ON performance_schema.* would show more (connections)",)
    assert [link.state for link in replication.upstream] == [LinkState.IN_STEP]


async def test_an_answer_of_another_form_is_told_of() -> None:
    watched = Watched()
    watched.replica.answers["mysql_replica_status"] = rows({"Replica_IO_Running": "Yes"})
    with pytest.raises(CannotCollect, match="in a form that is not understood"):
        await watched.look()
    watched.replica.answers["mysql_server"] = Rows(("Variable_name", "Value"), (("version", "nothing"),))
    with pytest.raises(CannotCollect, match="did not say which it is"):
        await watched.look()


@pytest.mark.parametrize(
    ("number", "text", "said"),
    [
        (
            1032,
            "Could not execute Update_rows event on table shop.orders; Can't find record in 'orders', Error_code: 1032",
            "applying ended with error 1032: a row that is to change is not there (shop.orders)",
        ),
        (
            1062,
            "Error 'Duplicate entry 'Could not execute Write_rows event on table hunter2.x;' for key 'PRIMARY''",
            "applying ended with error 1062: a row with that key exists already",
        ),
        (13117, "Worker 1 failed at 'x': 'hunter2'", "the server's error log says which statement"),
    ],
)
def test_an_error_of_applying_is_told_by_its_number_and_its_table(number: int, text: str, said: str) -> None:
    assert said in applying_failed(number, text)
    assert "hunter2" not in applying_failed(number, text)
