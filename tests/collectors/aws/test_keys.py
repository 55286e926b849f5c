"""The credentials of an account, as they are at one moment: for one action, and shown nowhere."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from collectors.aws.keys import Keys
from collectors.aws.place import Account
from collectors.errors import Expired
from tests.collectors.aws.answering import KEYS, Server, reading
from tests.collectors.aws.test_roles import OF_THE_ROLE, OWN, ROLE, Roles


def write(home: Path, key: str) -> None:
    own = f"[default]\nregion = eu-west-1\naws_access_key_id = {key}\naws_secret_access_key = secret\n"
    (home / "credentials").write_text(own, encoding="utf-8")


async def test_they_are_those_that_the_account_is_reached_with(server: Server, home: Path) -> None:
    write(home, OWN)
    with reading() as (sessions, _):
        assert await sessions.keys(Account("live")) == Keys(OWN, "secret")
        assert await sessions.keys(Account("near", endpoint=server.url, keys=KEYS)) == Keys(*KEYS)


async def test_those_of_a_role_are_renewed_where_they_are_about_to_end(server: Server, home: Path) -> None:
    write(home, OWN)
    server.usual = roles = Roles(lasts=timedelta(minutes=5))
    with reading() as (sessions, _):
        for _ in range(2):
            assert await sessions.keys(Account("other", role_arn=ROLE, endpoint=server.url)) == Keys(
                OF_THE_ROLE, "s", "t"
            )
    assert roles.given == 2


async def test_where_there_are_none_it_is_told_and_they_are_looked_for_again(home: Path) -> None:
    with reading() as (sessions, _):
        with pytest.raises(Expired, match="no credentials for live"):
            await sessions.keys(Account("live"))
        write(home, OWN)
        assert (await sessions.keys(Account("live"))).key_id == OWN


async def test_a_role_that_is_refused_is_asked_for_anew_with_what_is_written_meanwhile(
    server: Server, home: Path
) -> None:
    write(home, OWN)
    server.usual = roles = Roles()
    roles.key = "AKIANEWNEWNEWNEWNEW2"
    reached = Account("other", role_arn=ROLE, endpoint=server.url)
    with reading() as (sessions, _):
        with pytest.raises(Expired, match="credentials for other are no longer good"):
            await sessions.keys(reached)
        write(home, roles.key)
        assert (await sessions.keys(reached)).key_id == OF_THE_ROLE


def test_no_secret_is_shown() -> None:
    assert repr(Keys("AKIA", "secret", "token")) == "Keys(key_id='AKIA')"
