from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from collectors.aws.known import Found
from collectors.aws.place import Account, Place
from collectors.aws.reader import Reader
from collectors.aws.ties import Ties
from collectors.database.credentials import Credentials
from collectors.database.kept import Safes
from collectors.errors import CannotCollect
from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.threads import Threads
from tests.collectors.aws.asked import ByHand

HOME = Place(Account("home"), "eu-west-1")
FOUND = Found(ResourceId(Safe("it")), HOME, "cache", "redis", "it", "", "", ())


def safes(text: str = "", environment: dict[str, str] | None = None, asked: list[Place] | None = None) -> Safes:
    def reader(place: Place) -> Reader:
        if asked is not None:
            asked.append(place)
        return ByHand({("secretsmanager", "GetSecretValue"): {"SecretString": text}})

    return Safes(reader, Threads(), environment or {})


async def test_nothing_kept_is_nobody() -> None:
    assert await safes().secret("", "", FOUND).read() == Credentials("", "")


async def test_who_it_is_the_profile_says_before_the_secret_and_the_secret_before_the_engine(tmp_path: Path) -> None:
    named, bare = '{"username": "told", "password": "x"}', "x"
    for text, user, otherwise, expected in (
        (named, "said", "default", "said"),
        (named, "", "default", "told"),
        (bare, "", "default", "default"),
    ):
        secret = safes(text).secret("secretsmanager:s", user, FOUND, otherwise=otherwise)
        assert await secret.read() == Credentials(expected, "x")
    with pytest.raises(CannotCollect, match="username"):
        await safes(bare).secret("secretsmanager:s", "", FOUND).read()
    secret = safes(environment={"P": "y"}).secret("env:P", "", FOUND, otherwise="default")
    assert await secret.read() == Credentials("default", "y")
    file = tmp_path / "password"
    file.write_text("z\n")
    file.chmod(0o600)
    assert await safes().secret(f"file:{file}", "me", FOUND).read() == Credentials("me", "z")


async def test_of_a_cluster_rds_keeps_one_secret_for_all_its_members() -> None:
    """Which it tells of the cluster, and of no member."""
    keeps = {"DBClusters": [{"MasterUserSecret": {"SecretArn": "arn:s"}}]}
    aws = ByHand(
        {
            ("rds", "DescribeDBClusters"): keeps,
            ("secretsmanager", "GetSecretValue"): {"SecretString": '{"username": "master", "password": "x"}'},
        }
    )
    kept = Safes(lambda _: aws, Threads(), {})
    cluster = replace(FOUND, kind="cluster", name="orders")
    for each in (cluster, replace(FOUND, kind="instance", name="orders-1", ties=Ties(group="orders"))):
        assert await kept.secret("rds", "", each).read() == Credentials("master", "x")
    asked = [(operation, said) for service, operation, said in aws.asked if service == "rds"]
    assert asked == [("DescribeDBClusters", {"DBClusterIdentifier": "orders"})] * 2


def test_an_arn_is_asked_for_in_its_own_region() -> None:
    asked: list[Place] = []
    there = safes(asked=asked)
    there.secret("secretsmanager:arn:aws:secretsmanager:eu-central-1:111122223333:secret:s", "", FOUND)
    there.secret("secretsmanager:s", "", FOUND)
    assert [place.region for place in asked] == ["eu-central-1", "eu-west-1"]
