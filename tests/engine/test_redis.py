"""A live estate's caches: those that the inventory lists and the profile logs in to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest

from collectors.aws.known import Known
from collectors.clock import SteppedClock
from collectors.database.credentials import Credentials
from collectors.errors import CannotCollect
from collectors.inside.replication import Replication
from collectors.job import Job
from collectors.readings import Described
from collectors.redis.asking import Question
from collectors.safe import NO_TEXT
from console.engine.core import Core, Identity
from console.engine.databases import LiveDatabases
from profiles.model import Profile
from tests.collectors.redis.looking import PLACE, found, resource
from tests.rig.redis_pair import redis_copies, redis_server

AT = datetime(2026, 3, 11, 10, tzinfo=UTC)


def profile(**said: Any) -> Profile:
    return Profile.model_validate({"name": "live", "redis": [{"tls": False, **said}]})


def nobody(place: object) -> Any:
    raise AssertionError(f"nothing of AWS is read here: {place}")


async def test_what_is_listed_is_looked_into_and_what_is_gone_is_left(tmp_path: Path) -> None:
    core, known = Core(Identity("live", "live"), SteppedClock(AT)), Known()
    with redis_copies(tmp_path, 1) as (primary, (copy,)):
        live = LiveDatabases(core, profile(), known.find, nobody)
        known.put(PLACE, [found("one", primary.port), found("two", copy.server.port)])
        live.list_is(known.of(PLACE))
        names = ("cache", "latency", "replica-lag", "slow-log")
        jobs = [Job(collector, node) for collector in names for node in ("one", "two")]
        assert sorted(core.schedule.jobs()) == jobs
        for name in ("one", "two"):
            nothing = (NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT)
            core.estate.fold(Described(resource(name), AT, *nothing))
        for job in (*jobs, *jobs):
            await core.schedule.one_pass(job)
        told = {health.name: (health.state, health.error) for health in core.schedule.health.values()}
        assert {state for state, _ in told.values()} == {"ok"}, told
        replication = core.estate.resources[resource("two")].inside[Replication.part]
        assert "in step" in str(replication)
        assert {load.server for load in live.told(9)} == {"one", "two"}
        assert "not encrypted" in live.notice
        live.list_is(())
        assert core.schedule.jobs() == []
        await live.end()


def test_one_that_the_profile_has_no_login_for_is_not_asked() -> None:
    core = Core(Identity("live", "live"), SteppedClock(AT))
    live = LiveDatabases(core, profile(ids=["orders-*"]), Known().find, nobody)
    live.list_is([found("sessions-001", 6379)])
    assert core.schedule.jobs() == []


async def test_what_reads_it_for_an_action_is_what_looks_into_it_and_who_changes_it_is_another(tmp_path: Path) -> None:
    core, known = Core(Identity("live", "live"), SteppedClock(AT)), Known()
    secret = tmp_path / "password"
    secret.write_text("flushes\n")
    secret.chmod(0o600)
    said = {"ids": ["one"], "flush_user": "flusher", "flush_secret": f"file:{secret}"}
    with redis_server(tmp_path / "redis") as server:
        live = LiveDatabases(core, profile(**said), known.find, nobody)
        known.put(PLACE, [found("one", server.port), found("two", server.port)])
        hands = live.hands
        told = await hands.cache("one").ask(Question("flush", sections=("server",)))
        assert told["tcp_port"] == str(server.port)
        way = hands.way_to_cache("one")
        assert (way.target.port, way.target.tls) == (server.port, False)
        assert await way.log_in(unasked) == Credentials("flusher", "flushes")
        with pytest.raises(CannotCollect, match="no login for two"):
            hands.way_to_cache("two")
        await live.end()


async def unasked(grants: tuple[str, ...], arns: tuple[str, ...]) -> NoReturn:
    raise AssertionError(f"AWS keeps no such password: {grants}, {arns}")
