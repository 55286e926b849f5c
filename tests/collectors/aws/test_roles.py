"""A role is assumed from what one has, renewed when it ends, and counted like all else."""

from __future__ import annotations

import asyncio
import urllib.parse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

from collectors.aws.caller import Caller, caller
from collectors.aws.meter import Meter
from collectors.aws.place import Account, Place
from collectors.aws.prices import Spent
from collectors.aws.sessions import Sessions
from collectors.errors import Denied, Expired
from collectors.safe import Safe
from tests.collectors.aws.answering import Answer, Came, Refusal, Server, reading

OWN, OF_THE_ROLE = "AKIAOWNOWNOWNOWNOWN1", "ASIAROLEROLEROLEROLE"
ROLE = "arn:aws:iam::210987654321:role/console"
WINDOW: dict[str, Any] = {
    "StartTime": datetime(2026, 11, 21, tzinfo=UTC),
    "EndTime": datetime(2026, 11, 22, tzinfo=UTC),
}


@pytest.fixture
def reads(home: Path) -> Iterator[tuple[Sessions, Meter]]:
    own = f"[default]\nregion = eu-west-1\naws_access_key_id = {OWN}\naws_secret_access_key = secret\n"
    (home / "credentials").write_text(own, encoding="utf-8")
    with reading() as made:
        yield made


def asked_for(came: Came) -> dict[str, str]:
    return dict(urllib.parse.parse_qsl(came.body.decode()))


class Roles:
    """Gives the role to whoever comes with ``key``, for ``lasts``; answers the role alone."""

    def __init__(self, lasts: timedelta = timedelta(hours=1)) -> None:
        self.lasts = lasts
        self.key = OWN
        self.given = 0

    def __call__(self, came: Came) -> Answer:
        if came.headers["content-type"].startswith("application/x-amz-json"):
            return Answer(b'{"MetricDataResults": []}', kind="application/x-amz-json-1.0")
        if asked_for(came)["Action"] != "AssumeRole":
            return Answer() if came.key_id == OF_THE_ROLE else Refusal("AccessDenied", 403)
        if came.key_id != self.key:
            return Refusal("ExpiredToken", 403)
        self.given += 1
        until = (datetime.now(UTC) + self.lasts).strftime("%Y-%m-%dT%H:%M:%SZ")
        told = f"<AccessKeyId>{OF_THE_ROLE}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
        told += "<SessionToken>t</SessionToken>"
        told = f"<AssumeRoleResult><Credentials>{told}<Expiration>{until}</Expiration></Credentials></AssumeRoleResult>"
        return Answer(
            f'<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">{told}</AssumeRoleResponse>'.encode()
        )


def place(server: Server, **given: str) -> Place:
    return Place(Account("other", role_arn=ROLE, endpoint=server.url, **given), "eu-west-1")  # type: ignore[arg-type]


async def test_a_role_is_assumed_once_for_all_who_ask_at_once(server: Server, reads: tuple[Sessions, Meter]) -> None:
    server.usual = roles = Roles()
    reader = reads[0].reader(place(server, external_id="of the other"))
    await asyncio.gather(*(reader.call("rds", "DescribeDBInstances") for _ in range(20)))
    assert roles.given == 1
    asked = asked_for(server.came[0])
    assert asked["RoleArn"] == ROLE
    assert asked["ExternalId"] == "of the other"
    assert asked["RoleSessionName"].startswith("dbconsole")
    assert asked["DurationSeconds"] == "3600"
    assert {came.key_id for came in server.came[1:]} == {OF_THE_ROLE}


async def test_a_role_that_ends_is_assumed_again(server: Server, reads: tuple[Sessions, Meter]) -> None:
    server.usual = roles = Roles(lasts=timedelta(minutes=5))  # less than what botocore takes for the end
    reader = reads[0].reader(place(server))
    for _ in range(3):
        await reader.call("rds", "DescribeDBInstances")
    assert roles.given == 3


async def test_the_request_for_the_role_is_counted_and_takes_no_metrics_away(
    server: Server, reads: tuple[Sessions, Meter]
) -> None:
    server.usual = Roles()
    stat = {"Metric": {"Namespace": "AWS/RDS", "MetricName": "CPUUtilization"}, "Period": 60, "Stat": "Average"}
    queries = [{"Id": f"q{n}", "MetricStat": stat} for n in range(5)]
    await reads[0].reader(place(server)).call("cloudwatch", "GetMetricData", MetricDataQueries=queries, **WINDOW)
    assert reads[1].spent() == Spent(2, 5, 0.00005) == Spent(len(server.came), 5, 0.00005)


async def test_who_may_not_assume_it_is_told_so(server: Server, reads: tuple[Sessions, Meter]) -> None:
    who = "arn:aws:iam::123456789012:user/jane"
    server.usual = lambda _: Refusal("AccessDenied", 403, f"User: {who} is not authorized to perform: sts:AssumeRole")
    with pytest.raises(Denied) as told:
        await reads[0].reader(place(server)).call("rds", "DescribeDBInstances")
    assert told.value.grant == "sts:AssumeRole"
    assert who in told.value.seen


async def test_ones_own_keys_that_ended_are_read_anew(
    server: Server, home: Path, reads: tuple[Sessions, Meter]
) -> None:
    server.usual = roles = Roles(lasts=timedelta(minutes=5))
    roles.key = "AKIANEWNEWNEWNEWNEW2"
    reader = reads[0].reader(place(server))
    with pytest.raises(Expired, match="credentials for other are no longer good"):
        await reader.call("rds", "DescribeDBInstances")
    said = (home / "credentials").read_text(encoding="utf-8")
    (home / "credentials").write_text(said.replace(OWN, roles.key), encoding="utf-8")
    assert await reader.call("rds", "DescribeDBInstances") == {"DBInstances": []}


async def test_a_profile_that_names_a_role_is_followed(
    server: Server, home: Path, reads: tuple[Sessions, Meter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", server.url)
    profile = f"[profile ops]\nrole_arn = {ROLE}\nsource_profile = default\nregion = eu-west-1\n"
    (home / "config").write_text(profile, encoding="utf-8")
    server.usual = Roles()
    reader = reads[0].reader(Place(Account("live", profile="ops", endpoint=server.url), "eu-west-1"))
    assert await reader.call("rds", "DescribeDBInstances") == {"DBInstances": []}
    assert [came.key_id for came in server.came] == [OWN, OF_THE_ROLE]
    assert reads[1].spent().requests == 2


# --- against moto, which knows whose account a role is of


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


async def test_moto_sees_the_role_where_it_is_assumed_and_the_user_where_not(
    moto: str, reads: tuple[Sessions, Meter]
) -> None:
    sessions, meter = reads
    plain = await caller(sessions.reader(Place(Account("live", endpoint=moto), "eu-west-1")))
    assert plain.account == "123456789012"
    other = Account("other", endpoint=moto, role_arn=ROLE)
    assert await caller(sessions.reader(Place(other, "eu-central-1"))) == Caller(Safe("210987654321"), Safe("console"))
    found = [page async for page in sessions.reader(Place(other, "eu-west-1")).pages("rds", "DescribeDBInstances")]
    assert found == [{"DBInstances": []}]
    assert meter.spent() == Spent(requests=4)
