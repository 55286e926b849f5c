"""An account is reached as the AWS CLI would reach it, and again after a login in another terminal."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from collectors.aws.access import Access
from collectors.aws.meter import Meter
from collectors.aws.place import Account, Place
from collectors.aws.prices import Spent
from collectors.aws.reader import Reader
from collectors.aws.sessions import Sessions
from collectors.errors import CannotCollect, Expired
from tests.collectors.aws.answering import Answer, Came, Refusal, Server, reading

OLD, NEW = "AKIAOLDOLDOLDOLDOLD1", "AKIANEWNEWNEWNEWNEW2"
ROLE = "arn:aws:iam::210987654321:role/console"
LATER = "2099-01-01T00:00:00Z"


@pytest.fixture
def reads(home: Path) -> Iterator[tuple[Sessions, Meter]]:
    with reading() as made:
        yield made


def write_keys(home: Path, key: str, profile: str = "default") -> None:
    said = f"[{profile}]\naws_access_key_id = {key}\naws_secret_access_key = secret\n"
    (home / "credentials").write_text(said, encoding="utf-8")


def write_config(home: Path, **sections: str) -> None:
    said = "\n".join(f"[{name.replace('__', ' ')}]\n{lines}\n" for name, lines in sections.items())
    (home / "config").write_text(said, encoding="utf-8")


def takes(server: Server, key: str) -> None:
    """No other is good."""
    server.usual = lambda came: Answer() if came.key_id == key else Refusal("InvalidClientTokenId", 403)


def account(server: Server, **given: Any) -> Account:
    return Account("live", endpoint=server.url, **given)


def reader(sessions: Sessions, reached: Account) -> Reader:
    return sessions.reader(Place(reached, "eu-west-1"))


async def ask(asked: Reader) -> None:
    assert await asked.call("rds", "DescribeDBInstances") == {"DBInstances": []}


# --- where credentials are found


async def test_a_profile_of_awss_own_files_is_used(server: Server, home: Path, reads: tuple[Sessions, Meter]) -> None:
    write_keys(home, NEW, profile="ops")
    await ask(reader(reads[0], account(server, profile="ops")))
    assert server.came[0].key_id == NEW


async def test_the_environment_is_used(
    server: Server, reads: tuple[Sessions, Meter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", NEW)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    await ask(reader(reads[0], account(server)))
    assert server.came[0].key_id == NEW


async def test_two_accounts_are_two_identities(server: Server, home: Path, reads: tuple[Sessions, Meter]) -> None:
    write_keys(home, OLD, profile="one")
    with (home / "credentials").open("a", encoding="utf-8") as file:
        file.write(f"[two]\naws_access_key_id = {NEW}\naws_secret_access_key = secret\n")
    for profile in ("one", "two"):
        await ask(reader(reads[0], account(server, profile=profile)))
    assert [came.key_id for came in server.came] == [OLD, NEW]


async def test_an_emulators_account_asks_nothing_of_this_machine(
    server: Server, reads: tuple[Sessions, Meter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "which is in no file")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", OLD)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    await ask(reader(reads[0], account(server, keys=(NEW, "demo"))))
    assert server.came[0].key_id == NEW


# --- where there are none, or none that are good


async def test_no_credentials_anywhere_are_told_with_the_remedy(server: Server, reads: tuple[Sessions, Meter]) -> None:
    with pytest.raises(Expired, match="no credentials for live") as told:
        await ask(reader(reads[0], account(server)))
    assert "`aws configure`" in told.value.mend
    assert server.came == []


async def test_keys_that_are_written_while_it_runs_are_used(
    server: Server, home: Path, reads: tuple[Sessions, Meter]
) -> None:
    takes(server, NEW)
    asked = reader(reads[0], account(server))
    with pytest.raises(Expired, match="no credentials"):
        await ask(asked)
    write_keys(home, OLD)
    with pytest.raises(Expired, match="no longer good"):
        await ask(asked)
    write_keys(home, NEW)
    await ask(asked)


async def test_a_profile_that_is_written_while_it_runs_is_used(
    server: Server, home: Path, reads: tuple[Sessions, Meter]
) -> None:
    asked = reader(reads[0], account(server, profile="ops"))
    with pytest.raises(Expired, match="has no profile"):
        await ask(asked)
    write_keys(home, NEW, profile="ops")
    await ask(asked)


async def test_a_file_that_cannot_be_read_is_told_and_read_again(
    server: Server, home: Path, reads: tuple[Sessions, Meter]
) -> None:
    write_keys(home, NEW)
    (home / "config").write_text("this is [no configuration", encoding="utf-8")
    asked = reader(reads[0], account(server))
    with pytest.raises(CannotCollect, match="configuration for live is wrong"):
        await ask(asked)
    write_config(home)
    await ask(asked)


async def test_a_role_without_its_source_is_told_and_looked_for_again(
    server: Server, home: Path, reads: tuple[Sessions, Meter]
) -> None:
    asked = reader(reads[0], account(server, profile="ops"))
    write_config(home, profile__ops=f"role_arn = {ROLE}\nsource_profile = base")
    with pytest.raises(CannotCollect, match="configuration for live is wrong"):
        await ask(asked)
    write_config(home)
    write_keys(home, NEW, profile="ops")
    await ask(asked)


async def test_a_process_that_gives_credentials_is_run_again_after_they_were_refused(
    server: Server, home: Path, reads: tuple[Sessions, Meter]
) -> None:
    script = home / "give.py"
    given = home / "given.json"
    script.write_text(f"print(open({str(given)!r}).read())", encoding="utf-8")
    write_config(home, profile__ops=f"credential_process = {sys.executable} {script}")
    takes(server, NEW)
    asked = reader(reads[0], account(server, profile="ops"))
    with pytest.raises(Expired, match="no credentials") as told:  # it fails: there is nothing to give
        await ask(asked)
    assert "credential_process" in told.value.mend
    for key in (OLD, NEW):
        given.write_text(
            json.dumps({"Version": 1, "AccessKeyId": key, "SecretAccessKey": "s", "SessionToken": "t",
                        "Expiration": LATER}), encoding="utf-8"
        )  # fmt: skip
        if key == OLD:
            with pytest.raises(Expired, match="no longer good"):
                await ask(asked)
    await ask(asked)


async def test_keys_in_the_environment_need_another_start(
    server: Server, reads: tuple[Sessions, Meter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", OLD)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    takes(server, NEW)
    with pytest.raises(Expired) as told:
        await ask(reader(reads[0], account(server)))
    assert "Start the console again" in told.value.mend


# --- signed in with AWS's own portal


def write_token(cache: Path, key: str, expires: str) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    token = {"accessToken": "token", "expiresAt": expires, "region": "eu-west-1", "startUrl": "https://start.example"}
    (cache / f"{hashlib.sha1(key.encode()).hexdigest()}.json").write_text(json.dumps(token), encoding="utf-8")  # noqa: S324


SSO = {
    "session": ("sso_session = corp", "corp"),
    "legacy": ("sso_start_url = https://start.example\nsso_region = eu-west-1", "https://start.example"),
}


@pytest.mark.parametrize("kind", SSO)
async def test_a_sign_in_in_another_terminal_is_noticed(
    kind: str, server: Server, home: Path, reads: tuple[Sessions, Meter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSO", server.url)
    lines, key = SSO[kind]
    cache = home / "sso"
    for name in (
        "botocore.credentials.SSOProvider._SSO_TOKEN_CACHE_DIR",
        "botocore.tokens.SSOTokenProvider._SSO_TOKEN_CACHE_DIR",
    ):
        monkeypatch.setattr(name, str(cache))
    write_config(
        home,
        profile__ops=f"{lines}\nsso_account_id = 123456789012\nsso_role_name = ops",
        **{"sso-session__corp": "sso_start_url = https://start.example\nsso_region = eu-west-1"},
    )
    portal = {"accessKeyId": NEW, "secretAccessKey": "s", "sessionToken": "t", "expiration": 4_070_908_800_000}

    def answer(came: Came) -> Answer:
        if "x-amz-sso_bearer_token" in came.headers:
            return Answer(json.dumps({"roleCredentials": portal}).encode(), kind="application/json")
        return Answer() if came.key_id == NEW else Refusal("InvalidClientTokenId", 403)

    server.usual = answer
    asked = reader(reads[0], account(server, profile="ops"))
    for expires in (None, "2026-01-01T00:00:00Z"):
        if expires:
            write_token(cache, key, expires)
        with pytest.raises(Expired, match="sign-in for live has ended") as told:
            await ask(asked)
        assert told.value.mend == "Run `aws sso login --profile ops`; it is noticed here."
    assert server.came == []
    write_token(cache, key, LATER)
    await ask(asked)
    assert reads[1].spent() == Spent(requests=2) == Spent(requests=len(server.came))


# --- regions


async def test_the_region_is_the_one_that_the_cli_takes(
    home: Path, reads: tuple[Sessions, Meter], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_config(home, profile__ops="region = eu-north-1", default="region = eu-south-1")
    sessions, _ = reads
    assert await sessions.regions(Account("live", profile="ops")) == ("eu-north-1",)
    assert await sessions.regions(Account("live")) == ("eu-south-1",)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    assert await sessions.regions(Account("another")) == ("eu-west-2",)
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    assert await sessions.regions(Account("third")) == ("eu-west-3",)


async def test_no_region_is_told_with_the_remedy_and_looked_for_again(
    home: Path, reads: tuple[Sessions, Meter]
) -> None:
    sessions, _ = reads
    with pytest.raises(CannotCollect, match="No region is known for the account live") as told:
        await sessions.regions(Account("live"))
    assert "AWS_REGION" in told.value.mend
    write_config(home, default="region = eu-south-1")
    assert await sessions.regions(Account("live")) == ("eu-south-1",)


async def test_a_machine_of_awss_own_knows_its_region(
    server: Server, reads: tuple[Sessions, Meter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "false")
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url)
    server.usual = lambda _: Answer(b"ap-southeast-2a", kind="text/plain")
    assert await reads[0].regions(Account("live")) == ("ap-southeast-2",)


async def test_a_region_that_is_none_is_told(home: Path, reads: tuple[Sessions, Meter]) -> None:
    write_keys(home, NEW)
    with pytest.raises(CannotCollect, match="eu west is no region"):
        await ask(reads[0].reader(Place(Account("live"), "eu west")))


# --- nobody waits for another


async def test_a_process_that_hangs_holds_up_no_other_account(
    server: Server, home: Path, reads: tuple[Sessions, Meter]
) -> None:
    fifo = home / "fifo"
    os.mkfifo(fifo)
    write_config(home, profile__slow=f"credential_process = cat {fifo}")
    sessions, _ = reads
    slow = reader(sessions, account(server, profile="slow"))
    hanging = asyncio.create_task(ask(slow))
    with await asyncio.to_thread(fifo.open, "w", encoding="utf-8") as process:  # `cat` has come: the lock is held
        await ask(reader(sessions, account(server, keys=(NEW, "demo"))))
        sessions.close()
        given = {"Version": 1, "AccessKeyId": OLD, "SecretAccessKey": "s", "SessionToken": "t", "Expiration": LATER}
        process.write(json.dumps(given))
    await hanging
    assert [came.key_id for came in server.came] == [NEW, OLD]


def test_nothing_of_boto_is_loaded_before_the_first_call() -> None:
    script = (
        "import sys; from collectors.aws.sessions import Sessions; from collectors.aws.place import Account, Place;"
        "from collectors.threads import Threads; Sessions(Threads(), None).reader(Place(Account(), 'eu-west-1'));"
        "print([name for name in sys.modules if name.startswith(('boto', 'urllib3'))])"
    )
    meter = "from types import SimpleNamespace as N; "
    script = meter + script.replace("None", "N(count=print)")
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


def test_accounts_that_are_reached_alike_are_one() -> None:
    one = Account("live", profile="ops")
    assert replace(one) == one
    assert (
        Access(one, "", print).renewal
        == "Run `aws sso login --profile ops` or `aws configure --profile ops`; it is noticed here."
    )
