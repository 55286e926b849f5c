"""A live estate's MySQL and MariaDB servers: those that the inventory lists and the profile logs in to, over TLS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from collectors.aws.known import Found, Known
from collectors.aws.place import Account, Place
from collectors.clock import SteppedClock
from collectors.inside.replication import Replication
from collectors.job import Job
from collectors.readings import Described, ResourceId
from collectors.safe import Safe
from console.engine.core import Core, Identity
from console.engine.databases import LiveDatabases
from profiles.model import Profile
from tests.rig.certificates import Certificates, certificates
from tests.rig.mariadb import Server, present, secured

HOME = Place(Account("home"), "eu-west-1")
ARCHIVE = ResourceId(Safe("archive"))
AT = datetime(2026, 3, 11, 10, tzinfo=UTC)
PASSWORD = "only of this test"  # noqa: S105 - it opens nothing
JOB = Job("replica-lag", "archive")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def running(made: Certificates) -> Iterator[Server]:
    with secured(made.good) as server:
        server.sql(
            f"CREATE USER watch@'%' IDENTIFIED BY '{PASSWORD}' REQUIRE SSL",
            "GRANT SLAVE MONITOR, BINLOG MONITOR, REPLICATION MASTER ADMIN, PROCESS ON *.* TO watch@'%'",
        )
        yield server


@pytest.fixture
def server(running: Server, made: Certificates, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("DBC_OF_A_TEST", PASSWORD)
    present(running, made.good)
    return running


def found(server: Server, engine: str = "mariadb") -> Found:
    endpoint = ("localhost", server.port)
    return Found(ARCHIVE, HOME, "instance", engine, "archive", "", "AWS/RDS", (), endpoint=endpoint)


def profile(**login: Any) -> Profile:
    said = {"secret": "env:DBC_OF_A_TEST", "user": "watch", **login}
    return Profile.model_validate({"name": "live", "mysql": [said]})


def nobody(place: Place) -> Any:
    raise AssertionError(f"nothing of AWS is read here: {place}")


class Live:
    def __init__(self, server: Server, profile: Profile) -> None:
        self.core = Core(Identity("live", "live"), SteppedClock(AT))
        self.known = Known()
        self.known.put(HOME, [found(server)])
        self.databases = LiveDatabases(self.core, profile, self.known.find, nobody)
        self.databases.list_is(self.known.of(HOME))
        nothing = Safe("")
        self.core.estate.fold(Described(ARCHIVE, AT, nothing, nothing, nothing, nothing, nothing, nothing, nothing))

    async def error(self) -> str:
        """Of one pass; empty where it went well."""
        await self.core.schedule.one_pass(JOB)
        return self.core.schedule.health[JOB].error or ""


async def test_what_is_listed_is_looked_into_and_what_is_gone_is_left(server: Server, made: Certificates) -> None:
    live = Live(server, profile(ca_file=str(made.authority)))
    assert live.core.schedule.jobs() == [JOB]
    assert await live.error() == ""
    told = live.core.estate.resources[ARCHIVE].inside[Replication.part]
    assert isinstance(told, Replication)
    assert (told.role, told.upstream, told.notes) == ("primary", (), ())
    (load,) = live.databases.told(9)
    assert (load.server, load.connections, load.driver) == ("archive", 1, "PyMySQL")
    assert live.databases.notice == ""
    live.databases.list_is(())
    assert live.core.schedule.jobs() == []
    assert live.databases.loads == {}
    await live.databases.end()


async def test_whoever_is_told_to_trust_says_so(server: Server, made: Certificates) -> None:
    present(server, made.self_signed)
    live = Live(server, profile(encrypt="trust"))
    assert await live.error() == ""
    assert "not verified" in live.databases.notice
    await live.databases.end()


@pytest.mark.parametrize(
    ("name", "words"),
    [("self_signed", "is not trusted here"), ("expired", "is not trusted here"), ("wrong_host", "is for another name")],
)
async def test_a_certificate_that_is_not_good_ends_it(
    server: Server, made: Certificates, name: str, words: str
) -> None:
    present(server, getattr(made, name))
    live = Live(server, profile(ca_file=str(made.authority)))
    assert words in await live.error()
    await live.databases.end()


async def test_without_a_ca_file_the_systems_authorities_are_asked(server: Server) -> None:
    live = Live(server, profile())
    assert "is not trusted here" in await live.error()
    await live.databases.end()


async def test_a_ca_file_that_is_not_there_is_named(server: Server, tmp_path: Path) -> None:
    live = Live(server, profile(ca_file=str(tmp_path / "nothing.pem")))
    assert "cannot be read" in await live.error()
    await live.databases.end()


async def test_a_password_that_was_changed_is_read_anew_once(
    server: Server, made: Certificates, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = tmp_path / "password"
    kept.touch(mode=0o600)
    kept.write_text("an old one\n")
    monkeypatch.setenv("DBC_OF_A_TEST", "")
    live = Live(server, profile(ca_file=str(made.authority), secret=f"file:{kept}"))
    assert "refuses the login of watch" in await live.error()
    kept.write_text(f"{PASSWORD}\n")
    live.databases.retry(ARCHIVE)
    assert await live.error() == ""
    await live.databases.end()


@pytest.mark.parametrize("engine", ["sqlserver-se", "postgres", "oracle-ee"])
async def test_other_engines_are_no_business_of_it(server: Server, engine: str) -> None:
    live = Live(server, profile(engines=["*"]))
    live.databases.list_is([replace(found(server), engine=engine)])
    assert live.core.schedule.jobs() == []


@pytest.mark.parametrize("table", ["heartbeat", "a.b.c", "a.`b`", "a.b; DROP TABLE c", "1.b"])
def test_a_heartbeat_table_is_two_plain_names(table: str) -> None:
    with pytest.raises(ValueError, match="is not of the right form"):
        profile(heartbeat=table)
    assert profile(heartbeat="percona.heartbeat").mysql[0].heartbeat == "percona.heartbeat"
