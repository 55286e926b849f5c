"""A live estate's SQL Servers: those that the inventory lists and the profile logs in to, over TLS."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from collectors.aws.known import Found, Known
from collectors.aws.place import Account, Place
from collectors.clock import SteppedClock
from collectors.inside.sessions import Sessions
from collectors.inside.waits import Waits
from collectors.job import Job
from collectors.readings import Described, ResourceId
from collectors.safe import Safe
from collectors.sqlserver.all import COLLECTORS
from console.demo.inventory import MACHINES
from console.demo.model import Model
from console.demo.sqlserver.wire import USER, ModelAnswerer
from console.demo.tds.session import House
from console.engine.core import Core, Identity
from console.engine.databases import LiveDatabases
from profiles.model import Profile
from tests.rig import tds
from tests.rig.certificates import certificates

HOME = Place(Account("home"), "eu-west-1")
BILLING = ResourceId(Safe("billing"))
AT = datetime(2026, 3, 11, 10, tzinfo=UTC)
PASSWORD = "only of this test"  # noqa: S105 - it opens nothing


def found(port: int) -> Found:
    endpoint = ("localhost", port)
    return Found(BILLING, HOME, "instance", "sqlserver-se", "billing", "", "AWS/RDS", (), endpoint=endpoint)


def profile(**login: Any) -> Profile:
    said = {"secret": "env:DBC_OF_A_TEST", "user": USER, "encrypt": "trust", **login}
    return Profile.model_validate({"name": "live", "sqlserver": [said]})


def nobody(place: Place) -> Any:
    raise AssertionError(f"nothing of AWS is read here: {place}")


@pytest.mark.parametrize("name", [tds.FREETDS, tds.MICROSOFT])
async def test_what_is_listed_is_looked_into_and_what_is_gone_is_left(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBC_OF_A_TEST", PASSWORD)
    clock, known = SteppedClock(AT), Known()
    core = Core(Identity("live", "live"), clock)
    answerer = ModelAnswerer(Model(1, AT.timestamp(), MACHINES), BILLING, clock.now, PASSWORD)
    house = House(answerer, certificates(tmp_path).good, required=True)
    with tds.serving(answerer, house) as server:
        live = LiveDatabases(core, profile(driver=tds.driver(name).named), known.find, nobody)
        known.put(HOME, [found(server.port)])
        live.list_is(known.of(HOME))
        jobs = {Job(collector.name, "billing") for collector in COLLECTORS}
        assert set(core.schedule.jobs()) == jobs
        nothing = Safe("")
        core.estate.fold(Described(BILLING, AT, nothing, nothing, nothing, nothing, nothing, nothing, nothing))
        for job in sorted(jobs):
            await core.schedule.one_pass(job)
        told = {health.name: (health.state, health.error) for health in core.schedule.health.values()}
        assert {state for state, _ in told.values()} == {"ok"}, told
        assert {Waits.part, Sessions.part} <= core.estate.resources[BILLING].inside.keys()
        (load,) = live.told(9)
        assert (load.server, load.connections) == ("billing", 1)
        assert "not verified" in live.notice
        live.list_is(())
        assert core.schedule.jobs() == []
        await live.end()


def test_one_that_the_profile_has_no_login_for_is_not_asked() -> None:
    core = Core(Identity("live", "live"), SteppedClock(AT))
    live = LiveDatabases(core, profile(ids=["orders-*"]), Known().find, nobody)
    live.list_is([found(1433)])
    assert core.schedule.jobs() == []
