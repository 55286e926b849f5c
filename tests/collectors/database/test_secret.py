"""Where the password is kept: read anew each time, refused where others may read it, and in no message."""

from __future__ import annotations

import os
from pathlib import Path

import orjson
import pytest

from collectors.database.credentials import Credentials
from collectors.database.secret import InEnvironment, InFile, InSecretsManager, OfRds
from collectors.errors import CannotCollect, Denied
from collectors.threads import Threads
from tests.collectors.aws.answering import Answer, Came, Refusal, near, reading, serving

THREADS = Threads(2)


def told(text: str) -> Answer:
    return Answer(orjson.dumps({"Name": "orders", "SecretString": text}), kind="application/x-amz-json-1.1")


async def test_the_environment_names_it() -> None:
    environment = {"P": "one"}
    kept = InEnvironment("ro", "P", environment)
    assert await kept.read() == Credentials("ro", "one")
    environment["P"] = ""
    with pytest.raises(CannotCollect, match="has no P, or it is empty"):
        await kept.read()


async def test_a_file_that_nobody_else_reads_holds_it_in_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text(" with spaces \nand more\n")
    path.chmod(0o600)
    assert await InFile("ro", path, THREADS).read() == Credentials("ro", " with spaces ")
    path.write_text("changed")
    assert await InFile("ro", path, THREADS).read() == Credentials("ro", "changed")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660, 0o601, 0o777])
async def test_a_file_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "password"
    path.write_text("hunter2")
    path.chmod(mode)
    with pytest.raises(CannotCollect, match="Others may read the password") as raised:
        await InFile("ro", path, THREADS).read()
    assert f"{mode:04o}" in raised.value.seen
    assert "chmod 600" in raised.value.mend
    assert "hunter2" not in raised.value.line()


async def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    for path, words in ((pipe, "is not a file"), (tmp_path, "is not a file"), (tmp_path / "none", "cannot be read")):
        with pytest.raises(CannotCollect, match=words):
            await InFile("ro", path, THREADS).read()
    empty = tmp_path / "empty"
    empty.touch(0o600)
    with pytest.raises(CannotCollect, match="has no password"):
        await InFile("ro", empty, THREADS).read()


@pytest.mark.parametrize(
    ("text", "user", "found"),
    [
        ('{"username": "ro", "password": "p}w"}', "", Credentials("ro", "p}w")),
        ('{"username": "admin", "password": "p"}', "ro", Credentials("ro", "p")),
        ("plain", "ro", Credentials("ro", "plain")),
        ("{not json", "ro", Credentials("ro", "{not json")),
    ],
)
async def test_secrets_manager_keeps_it_as_json_or_alone(text: str, user: str, found: Credentials) -> None:
    with serving() as server, reading() as (sessions, _):
        server.script.append(told(text))
        assert await InSecretsManager(sessions.reader(near(server)), "orders", user).read() == found
        assert server.came[0].headers["x-amz-target"] == "secretsmanager.GetSecretValue"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"username": "ro"}', "no `password`"),
        ('{"password": "hunter2"}', "no `username`"),
        ("[hunter2", "no `username`"),
    ],
)
async def test_a_secret_of_another_shape_is_refused_without_a_word_of_it(text: str, words: str) -> None:
    with serving() as server, reading() as (sessions, _):
        server.script.append(told(text))
        with pytest.raises(CannotCollect, match=words) as raised:
            await InSecretsManager(sessions.reader(near(server)), "orders").read()
        assert "hunter2" not in raised.value.line()


async def test_a_missing_grant_is_named() -> None:
    refused = Refusal("AccessDeniedException")
    refused.body, refused.kind = orjson.dumps({"__type": "AccessDeniedException"}), "application/x-amz-json-1.1"
    with serving() as server, reading() as (sessions, _):
        server.script.append(refused)
        with pytest.raises(Denied) as raised:
            await InSecretsManager(sessions.reader(near(server)), "orders").read()
        assert raised.value.grant == "secretsmanager:GetSecretValue"


ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!db-1-AbCdEf"
MANAGED = f"""<DescribeDBInstancesResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/">
<DescribeDBInstancesResult><DBInstances><DBInstance><DBInstanceIdentifier>orders</DBInstanceIdentifier>
<MasterUserSecret><SecretArn>{ARN}</SecretArn></MasterUserSecret>
</DBInstance></DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>"""


async def test_what_rds_keeps_is_found_by_the_instance() -> None:
    def answer(came: Came) -> Answer:
        if b"DescribeDBInstances" in came.body:
            return Answer(MANAGED.encode())
        assert orjson.loads(came.body) == {"SecretId": ARN}
        return told('{"username": "admin", "password": "p"}')

    with serving() as server, reading() as (sessions, _):
        server.usual = answer
        assert await OfRds(sessions.reader(near(server)), "orders").read() == Credentials("admin", "p")
        server.usual = lambda _: Answer()
        with pytest.raises(CannotCollect, match="RDS keeps no secret for orders"):
            await OfRds(sessions.reader(near(server)), "orders").read()
