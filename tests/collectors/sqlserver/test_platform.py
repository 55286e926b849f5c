"""What a server says of itself, by answers over the wire, and which grants a login lacks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlglot

from collectors.database.question import tag
from collectors.database.rows import Rows
from collectors.errors import CannotCollect
from collectors.sqlserver.asking import text_of
from collectors.sqlserver.grants import GRANTS, for_version, missing
from collectors.sqlserver.platform import HighAvailability, platform
from console.demo.tds.answering import Asked
from tests.collectors.sqlserver.wire.asking import wired
from tests.rig import tds

STARTED = datetime(2026, 11, 20, 3, 15)
TOLD = Rows(
    ("version", "edition", "edition_id", "node", "started", "has_rdsadmin", "has_rds_procedures"),
    (("16.0.4135.4", "Standard Edition (64-bit)", 2, "EC2AMAZ-1A2B", STARTED, 1, 1),),
)
GRANTED = Rows(("name",), (("CONNECT SQL",), ("VIEW SERVER PERFORMANCE STATE",), ("VIEW ANY DATABASE",)))


def host(mirrored: int, replicated: int) -> Rows:
    names = ("cores", "memory_kb", "target_kb", "mirrored", "replicated")
    return Rows(names, ((8, 65_000_000, 50_000_000, mirrored, replicated),))


@pytest.fixture
def driver() -> tds.Driver:
    return tds.driver(tds.FREETDS)


def answering(*, told: Rows = TOLD, granted: Rows = GRANTED, host: Rows) -> tds.Script:
    answers = {"platform": told, "grants": granted, "host": host}

    def answer(asked: Asked) -> list[Rows]:
        return [next(rows for name, rows in answers.items() if asked.text.startswith(tag(name)))]

    return tds.Script(answer)


@pytest.mark.parametrize(
    ("mirrored", "replicated", "ha"),
    [(0, 0, HighAvailability.NONE), (3, 0, HighAvailability.MIRRORING), (0, 3, HighAvailability.ALWAYS_ON)],
)
async def test_a_server_on_rds_is_known(
    driver: tds.Driver, mirrored: int, replicated: int, ha: HighAvailability
) -> None:
    with tds.serving(answering(host=host(mirrored, replicated))) as server:
        found = await platform(wired(server, driver))
    assert (found.version, found.major, found.edition, found.edition_id) == (
        *("16.0.4135.4", 16, "Standard Edition (64-bit)"), 2,
    )  # fmt: skip
    assert (found.is_rds, found.node, found.started) == (True, "EC2AMAZ-1A2B", STARTED.replace(tzinfo=UTC))
    assert found.host is not None
    assert (found.ha, found.host.cores, found.is_too_old) == (ha, 8, False)
    assert found.missing(["VIEW SERVER STATE", "VIEW ANY DEFINITION"]) == ("VIEW ANY DEFINITION",)


async def test_what_needs_a_grant_is_not_asked_without_it(driver: tds.Driver) -> None:
    script = answering(granted=Rows(("name",), (("CONNECT SQL",),)), host=host(0, 0))
    with tds.serving(script) as server:
        found = await platform(wired(server, driver))
    assert (found.host, found.ha) == (None, HighAvailability.UNKNOWN)
    assert len(script.asked) == 2


async def test_elsewhere_it_is_not_rds(driver: tds.Driver) -> None:
    told = Rows(TOLD.columns, (("13.0.5026.0", "Express", 4, None, STARTED, 0, 0),))
    with tds.serving(answering(told=told, host=host(0, 0))) as server:
        found = await platform(wired(server, driver))
    assert (found.is_rds, found.node, found.major) == (False, "", 13)
    assert found.host is None, "the narrower grant is none of 2016's"


async def test_a_server_that_says_nothing_is_told(driver: tds.Driver) -> None:
    script = answering(told=Rows(TOLD.columns), host=host(0, 0))
    with tds.serving(script) as server, pytest.raises(CannotCollect, match="tells nothing of itself"):
        await platform(wired(server, driver))


@pytest.mark.parametrize(
    ("held", "major", "lacks"),
    [
        ((), 15, True),
        (("VIEW SERVER STATE",), 13, False),
        (("VIEW SERVER PERFORMANCE STATE",), 16, False),
        (("VIEW SERVER PERFORMANCE STATE",), 15, True),
        (("CONTROL SERVER",), 16, False),
    ],
)
def test_from_2022_on_the_narrower_grant_will_do(held: tuple[str, ...], major: int, lacks: bool) -> None:
    assert bool(missing(["VIEW SERVER STATE"], held, major)) is lacks


def test_each_version_has_one_grant_for_the_servers_state() -> None:
    for major in range(13, 18):
        names = [grant.name for grant in for_version(major) if "STATE" in grant.name]
        assert names == ["VIEW SERVER STATE" if major < 16 else "VIEW SERVER PERFORMANCE STATE"]


def test_no_grant_changes_anything_and_rds_has_each() -> None:
    """The list of what RDS's master user may grant is in its user guide."""
    for grant in GRANTS:
        assert grant.name.startswith(("VIEW ", "CONNECT ANY "))


@pytest.mark.parametrize("name", ["platform", "grants", "host"])
def test_the_statements_are_of_the_dialect_and_say_who_asks(name: str) -> None:
    assert text_of(name).startswith(tag(name))
    (parsed,) = sqlglot.parse(text_of(name), dialect="tsql")
    assert isinstance(parsed, sqlglot.exp.Select)
    for call in parsed.find_all(sqlglot.exp.Anonymous):
        if call.name.upper() == "SERVERPROPERTY":
            assert isinstance(call.parent, sqlglot.exp.Cast), "what it gives has no type that a driver reads"
