"""Whoever flushes logs in as somebody else than whoever looks, with a password that nobody else may read."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from collectors.aws.keys import Keys as Held
from collectors.aws.known import Found
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.database.credentials import Credentials
from collectors.errors import CannotCollect
from collectors.readings import ResourceId
from collectors.redis.wire.caches import Login, WiredCaches
from collectors.safe import Safe
from collectors.sqlserver.wire.servers import Login as SqlLogin
from collectors.sqlserver.wire.servers import WiredServers
from collectors.threads import Threads
from console.access.session_policy import TooWide, session_policy
from console.actions.surroundings import Keys
from console.engine.acting.hands import READS_IT, LiveHands, Sources
from tests.actions.recorded import Recorded
from tests.collectors.redis.looking import found as found_at

ACCOUNT = "arn:aws:elasticache:eu-west-1:111122223333:cluster:sessions-001"
SECRET = "arn:aws:secretsmanager:eu-west-2:111122223333:secret:flush-aBcDeF"  # noqa: S105
OF_RDS = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!db-1-aBcDeF"
MASTER = {"DescribeDBInstances": {"DBInstances": [{"MasterUserSecret": {"SecretArn": OF_RDS}}]}}


class Kept:
    """Secrets Manager, as it is asked with keys of one action."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.wanted: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
        self.keyed_in: list[tuple[str, Held]] = []
        self.closed = 0

    async def narrowed(self, grants: tuple[str, ...], arns: tuple[str, ...]) -> Keys:
        self.wanted.append((grants, arns))
        return Keys("ASIA", "secret", "token", Safe("the role"))

    @contextmanager
    def keyed(self, place: Place, keys: Held) -> Iterator[Reader]:
        self.keyed_in.append((place.region, keys))
        yield Recorded(GetSecretValue={"SecretString": self.text})
        self.closed += 1


def hands(
    kept: Kept, login: Login, sql: SqlLogin | None = None, environment: Mapping[str, str] | None = None
) -> LiveHands:
    def find(about: ResourceId) -> Found | None:
        return replace(found_at(about, 6379), arn=ACCOUNT) if about == "sessions-001" else None

    def reader(_: Place) -> Any:
        return Recorded(**MASTER)

    caches = WiredCaches([login], find, reader, Threads(), time.monotonic, environment=environment or {})
    servers = WiredServers([sql] if sql else [], find, reader, Threads(), time.monotonic, environment={})
    return LiveHands(Sources(caches, servers, find, reader, kept.keyed, Threads(), environment or {}))


@pytest.mark.parametrize(
    ("named", "region", "arn"),
    [
        ("flush", "eu-west-1", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:flush-??????"),
        (SECRET, "eu-west-2", SECRET),
    ],
)
async def test_a_password_that_aws_keeps_is_read_with_the_roles_keys_for_that_one_secret(
    named: str, region: str, arn: str
) -> None:
    kept = Kept('{"username": "flusher", "password": "pw"}')
    way = hands(kept, Login(flush_kept=f"secretsmanager:{named}")).way_to_cache("sessions-001")
    assert kept.wanted == []
    assert await way.log_in(kept.narrowed) == Credentials("flusher", "pw")
    assert kept.wanted == [((READS_IT,), (arn,))]
    assert kept.keyed_in == [(region, Held("ASIA", "secret", "token"))]
    assert kept.closed == 1
    assert "with the role's keys for that alone" in way.whose
    assert "pw" not in way.whose
    assert session_policy((READS_IT,), (arn,))


async def test_the_master_users_is_found_by_rds_and_read_in_the_same_way() -> None:
    kept = Kept('{"username": "admin", "password": "pw"}')
    sql = SqlLogin(kept="env:READ", engines=("redis",), flush_kept="rds")
    way = hands(kept, Login(), sql).way_to_server("sessions-001")
    assert await way.log_in(kept.narrowed) == Credentials("admin", "pw")
    assert kept.wanted == [((READS_IT,), (OF_RDS,))]
    assert not way.target.read_only


async def test_one_of_this_machine_is_read_here_and_iam_does_not_guard_it(tmp_path: Path) -> None:
    kept, file = Kept(""), tmp_path / "password"
    file.write_text("pw\n")
    file.chmod(0o600)
    for said in ("env:FLUSH", f"file:{file}"):
        login = Login(flush_kept=said, flush_user="flusher", tls=False, port=7000)
        way = hands(kept, login, environment={"FLUSH": "pw"}).way_to_cache("sessions-001")
        assert await way.log_in(kept.narrowed) == Credentials("flusher", "pw")
        assert "IAM does not guard it" in way.whose
        assert (way.target.port, way.target.tls) == (7000, False)
    assert kept.wanted == []


def test_where_the_profile_names_nobody_it_is_said_what_to_add() -> None:
    made = hands(Kept(""), Login(kept="env:READ"), SqlLogin(kept="env:READ", engines=("redis",)))
    for way, flag in ((made.way_to_cache, "--redis"), (made.way_to_server, "--sql")):
        with pytest.raises(CannotCollect) as told:
            way("sessions-001")
        assert "flush_secret" in told.value.seen
        assert f"dbconsole policy admin {flag}" in told.value.mend
    with pytest.raises(CannotCollect, match="not known to the inventory"):
        made.way_to_cache("sessions-009")


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:??????",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:*-??????",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a?-??????",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-???????",
        "arn:aws:rds:eu-west-1:111122223333:db:a-??????",
    ],
)
def test_no_other_pattern_narrows_anything(arn: str) -> None:
    with pytest.raises(TooWide):
        session_policy((READS_IT,), (arn,))
