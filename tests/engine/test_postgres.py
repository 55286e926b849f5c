"""A live estate's PostgreSQLs: those that the inventory lists and the profile logs in to, a pair of real ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.aws.known import Found, Known
from collectors.aws.place import Account, Place
from collectors.clock import SteppedClock
from collectors.inside.replication import LinkState, Replication
from collectors.job import Job
from collectors.readings import Described, ResourceId
from collectors.safe import Safe, sanitise
from console.engine.core import Core, Identity
from console.engine.databases import LiveDatabases
from profiles.model import Profile
from tests.rig.postgres import MONITOR, PASSWORD, Family, Server, family

HOME = Place(Account("home"), "eu-west-1")
AT = datetime(2026, 3, 11, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def pg() -> Iterator[Family]:
    with family() as found:
        yield found


def found(server: Server, engine: str = "postgres") -> Found:
    endpoint = ("127.0.0.1", server.port)
    about = ResourceId(sanitise(server.name))
    return Found(about, HOME, "instance", engine, server.name, "", "AWS/RDS", (), endpoint=endpoint)


def profile(**login: Any) -> Profile:
    said = {"secret": "env:DBC_OF_A_TEST", "user": MONITOR, "encrypt": "off", **login}
    return Profile.model_validate({"name": "live", "postgres": [said]})


def nobody(place: Place) -> Any:
    raise AssertionError(f"nothing of AWS is read here: {place}")


async def test_what_is_listed_is_looked_into_and_what_is_gone_is_left(
    pg: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBC_OF_A_TEST", PASSWORD)
    core, known = Core(Identity("live", "live"), SteppedClock(AT)), Known()
    live = LiveDatabases(core, profile(), known.find, nobody)
    known.put(HOME, [found(pg.primary), found(pg.replica)])
    live.list_is(known.of(HOME))
    jobs = {Job("replica-lag", "primary"), Job("replica-lag", "replica")}
    assert set(core.schedule.jobs()) == jobs
    nothing = Safe("")
    for name in ("primary", "replica"):
        about = ResourceId(sanitise(name))
        core.estate.fold(Described(about, AT, nothing, nothing, nothing, nothing, nothing, nothing, nothing))
    for job in sorted(jobs):
        await core.schedule.one_pass(job)
    told = {health.target: (health.state, health.error) for health in core.schedule.health.values()}
    assert {state for state, _ in told.values()} == {"ok"}, told
    top = core.estate.resources[ResourceId(Safe("primary"))].inside[Replication.part]
    assert isinstance(top, Replication)
    assert [(link.copy, link.state) for link in top.downstream] == [("replica", LinkState.IN_STEP)]
    assert {load.server for load in live.told(9)} == {"primary", "replica"}
    assert "not encrypted" in live.notice
    live.list_is(())
    assert core.schedule.jobs() == []
    await live.end()


def test_aurora_is_asked_where_a_login_fits_and_else_nothing_is(pg: Family) -> None:
    core = Core(Identity("live", "live"), SteppedClock(AT))
    listed = [found(pg.primary), found(pg.replica, "aurora-postgresql"), found(pg.cascade, "mysql")]
    LiveDatabases(core, profile(), Known().find, nobody).list_is(listed)
    assert set(core.schedule.jobs()) == {Job("replica-lag", "primary")}
    core = Core(Identity("live", "live"), SteppedClock(AT))
    LiveDatabases(core, profile(engines=["aurora-postgresql"]), Known().find, nobody).list_is(listed)
    assert set(core.schedule.jobs()) == {Job("replica-lag", "replica")}
