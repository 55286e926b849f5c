"""What is printed is run by a shell against a real server: then our collectors work, and nothing else does."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import pytest
import redis

import collectors.redis
import console.actions.flushes
from collectors.redis.all import QUESTIONS
from collectors.redis.all import collectors as all_collectors
from collectors.redis.asking import INFO, READS, Question, grant_of
from collectors.redis.wire.caches import Login
from console.policy.redis import lines, rights, user
from console.specs import ROLES, RoleWord
from tests.collectors.redis.looking import WHOLE_TIME, looking, resource
from tests.rig.dbconsole import COMMAND, ROOT
from tests.rig.needs import need
from tests.rig.redis_pair import PLACES, RedisServer, redis_server

PASSWORD = "sixteen letters, {at least}"  # noqa: S105 - of a server of the test's own


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    need("redis-cli", PLACES)
    with redis_server(tmp_path_factory.mktemp("redis")) as made:
        for role in ROLES:
            ran = shell(of_server(role), REDIS=f"-p {made.port}", DBCONSOLE_PASSWORD=PASSWORD)
            assert (ran.stdout.strip(), ran.stderr) == ("OK", "")
        yield made


def of_server(role: RoleWord) -> str:
    """The part for one's own server, as it is printed."""
    return "\n".join(lines(role)).split("\n\n", 1)[0]


def shell(script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": PLACES + ":/bin", **variables}
    return subprocess.run(["/bin/sh"], input=script, env=environment, text=True, capture_output=True, check=False)


def says(server: RedisServer, role: RoleWord, *words: str) -> str:
    """What the server says to that user: a reply, or the word its refusal begins with."""
    with contextlib.closing(
        redis.Redis(port=server.port, username=user(role), password=PASSWORD, decode_responses=True)
    ) as client:
        try:
            return str(client.execute_command(*words))  # type: ignore[no-untyped-call]
        except redis.exceptions.NoPermissionError:
            return "NOPERM"


@pytest.mark.parametrize("role", ROLES)
async def test_every_collector_of_ours_works_with_it(server: RedisServer, role: RoleWord) -> None:
    login = Login(kept="env:CACHE", user=user(role), tls=False, budget=WHOLE_TIME)
    async with looking({"it": server.port}, login, environment={"CACHE": PASSWORD}) as made:
        for collector in all_collectors(made.caches, lambda: datetime.now(UTC)):
            assert [each async for each in collector.collect(resource("it"))]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "words",
    ["CONFIG SET maxmemory 1", "CONFIG GET *", "GET a", "SET a b", "DEL a", "KEYS *", "SHUTDOWN", "ACL LIST",
     "EVAL return{} 0", "MONITOR", "REPLICAOF NO ONE", "CLIENT KILL TYPE normal", "SLOWLOG RESET", "DEBUG SLEEP 0",
     "RENAME a b", "EXPIRE a 1", "SAVE", "CLUSTER FAILOVER", "PUBLISH a b", "DUMP a"],
)  # fmt: skip
def test_nobody_may_read_a_value_write_one_or_change_the_server(
    server: RedisServer, role: RoleWord, words: str
) -> None:
    assert says(server, role, *words.split()) == "NOPERM"


def test_an_operator_counts_and_samples_and_a_viewer_does_not(server: RedisServer) -> None:
    server.say("SET", "session:1", "v", "EX", 90)
    asked = ("SELECT 0", "DBSIZE", "SCAN 0", "TTL session:1", "TYPE session:1", "CLIENT LIST")
    assert [says(server, "viewer", *words.split()) for words in asked] == ["NOPERM"] * len(asked)
    for role in ("operator", "admin"):
        assert "NOPERM" not in [says(server, role, *words.split()) for words in asked]


@pytest.mark.parametrize("words", ["UNLINK session:1", "FLUSHDB ASYNC", "FLUSHALL ASYNC"])
def test_only_an_admin_may_flush(server: RedisServer, words: str) -> None:
    server.say("SET", "session:1", "v")
    for role in ("viewer", "operator"):
        assert says(server, role, *words.split()) == "NOPERM"
    assert server.say("DBSIZE") == 1
    assert says(server, "admin", *words.split()) in ("1", "True", "OK")
    assert server.say("DBSIZE") == 0


def test_what_is_kept_under_a_key_is_named_to_nobody_by_the_grants_alone() -> None:
    """Of commands that return values none is granted, whoever asks."""
    harmless = {*map(str.lower, READS), "client setname", "unlink", "flushdb", "flushall"}
    for role in ROLES:
        assert {grant[1:].replace("|", " ") for grant in rights(role)} <= harmless | {"info"}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("missing", ["REDIS", "DBCONSOLE_PASSWORD"])
def test_nothing_is_run_before_both_are_put_in(role: RoleWord, missing: str) -> None:
    given = {"REDIS": "-p 1", "DBCONSOLE_PASSWORD": PASSWORD}
    del given[missing]
    ran = shell(of_server(role), **given)
    assert ran.returncode != 0
    assert f"{missing}: set it to" in ran.stderr
    assert "refused" not in ran.stderr  # nobody was called


def test_elasticache_is_given_the_same_rights_on_one_line() -> None:
    for role in ROLES:
        text = "\n".join(lines(role))
        granted = " ".join(rights(role))
        assert f"--access-string 'on ~* -@all {granted}'" in text
        ran = shell(text.split("\n\n")[1])
        assert "ENGINE: set it to redis or valkey" in ran.stderr


def questions(package: ModuleType) -> Iterator[tuple[str, Question]]:
    """All that are kept in any of its modules."""
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        for name, value in vars(import_module(module.name)).items():
            if isinstance(value, Question):
                yield f"{module.name}.{name}", value


def test_no_question_of_a_collector_is_forgotten() -> None:
    found = {id(question): name for name, question in questions(collectors.redis)}
    assert {name for key, name in found.items() if key not in set(map(id, QUESTIONS))} == set()
    assert {grant for question in QUESTIONS for grant in question.grants} <= set(rights("viewer"))


def test_what_is_asked_before_a_flush_is_an_operators_right() -> None:
    for name, question in questions(console.actions.flushes):
        assert set(question.grants) <= set(rights("operator")), name


def test_a_question_names_the_grants_of_all_that_it_sends() -> None:
    for question in QUESTIONS:
        sent = {grant_of(words) for words in question.commands} | ({INFO} if question.sections else set())
        assert set(question.grants) == sent


def test_the_command_prints_it_and_nothing_else() -> None:
    done = subprocess.run(
        [*COMMAND, "policy", "viewer", "--redis"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "\n".join(lines("viewer")) + "\n"
    assert done.stderr == ""
