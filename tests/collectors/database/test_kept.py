from __future__ import annotations

from pathlib import Path

import pytest

from collectors.aws.known import Found
from collectors.aws.place import Account, Place
from collectors.aws.reader import Reader
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


def test_an_arn_is_asked_for_in_its_own_region() -> None:
    asked: list[Place] = []
    there = safes(asked=asked)
    there.secret("secretsmanager:arn:aws:secretsmanager:eu-central-1:111122223333:secret:s", "", FOUND)
    there.secret("secretsmanager:s", "", FOUND)
    assert [place.region for place in asked] == ["eu-central-1", "eu-west-1"]
