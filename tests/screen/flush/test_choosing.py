"""X on a cache and on a SQL Server: how much is asked, narrowest first, and exactly that is planned."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events

from collectors.inside.cache import CacheUse, Keys
from collectors.inside.queries import Queries, Statement
from collectors.readings import Inside
from collectors.safe import Safe
from console.screen.acting.allowed import key_named, lock
from console.screen.flush import ways
from tests.screen.acting.stage import Hand, gated
from tests.screen.bodies import picture, res
from tests.screen.flush.given import ADMIN, AT, CACHE, OPERATOR, ORDERS, files, flushing, use
from tests.screen.flush.stage import ask, know

X = key_named("flush")
HANDLE = Safe(f"0x06{'AB' * 43}")


def why(**fields: object) -> str:
    known = {"it": res(**fields)}
    found = lock(X, replace(picture(known), offers=ADMIN), "it", viewer=False)
    return "" if found is None else f"{found.word}: {found.why}"


def test_it_is_free_on_redis_on_valkey_and_on_sql_server_and_on_nothing_else() -> None:
    assert why(kind="cache", engine="redis") == why(kind="cache", engine="valkey") == why(engine="sqlserver-ee") == ""
    assert why(engine="postgres") == (
        "not here: Flush is locked: Flushes are of Redis and Valkey nodes, and of the plans of SQL Server."
    )


@pytest.mark.parametrize(
    ("kind", "engine", "words"),
    [
        ("cache", "memcached", "not here: Flush is locked: Memcached has `flush_all` in its own protocol."),
        ("table", "dynamodb", "not here: Flush is locked: A table is no cache."),
    ],
)
def test_where_nothing_can_be_flushed_it_says_what_is_possible(kind: str, engine: str, words: str) -> None:
    assert why(kind=kind, engine=engine) == words


def test_every_database_with_its_keys_a_prefix_before_it_and_all_of_it_last() -> None:
    known = replace(
        picture({CACHE: res(kind="cache", engine="redis")}),
        inside={"cache": {CACHE: use(Keys(0, 1_203_334, 1_203_000), Keys(3, 12, 0))}},
    )
    assert [(way.scope, way.note) for way in ways.of(known, CACHE)] == [
        ("prefix:0:", "which one is asked next"),
        ("prefix:3:", "which one is asked next"),
        ("database:0", "1,203,334 keys go"),
        ("database:3", "12 keys go"),
        ("all", "1,203,346 keys go; a second person signs it"),
    ]
    assert ways.of(known, "gone") == ()


@pytest.mark.parametrize(("told", "note"), [(None, "nobody told its keys"), (use(), "it holds no key")])
def test_of_which_nobody_has_told_it_has_database_nought(told: CacheUse | None, note: str) -> None:
    inside: dict[str, dict[str, Inside]] = {} if told is None else {"cache": {CACHE: told}}
    known = replace(picture({CACHE: res(kind="cache", engine="redis")}), inside=inside)
    assert [(way.scope, way.note) for way in ways.of(known, CACHE)][1] == ("database:0", note)


async def test_a_database_is_chosen_with_its_number_of_keys_in_sight(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), offers=ADMIN) as (seen, gate):
        gate.plan = flushing()
        await know(seen, use(Keys(0, 1_203_334, 1_203_000), Keys(3, 12, 0)))
        text = await ask(seen)
        assert "One database: 0  1,203,334 keys go" in text
        assert text.index("A prefix of database 0") < text.index("One database: 0") < text.index("Everything: FLUSHALL")
        assert "1,203,346 keys go; a second person signs it" in text
        assert gate.asked == []
        await seen.press(*"12", "enter")
        await seen.until(lambda text: "Flush of sessions-001" in text and "Type sessions-001" in text)
        assert gate.args("act.plan") == {"action": "flush", "id": "sessions-001", "scope": "database:3"}


async def test_a_prefix_is_typed_and_goes_as_it_stands(tmp_path: Path) -> None:
    async with gated(tmp_path, offers=ADMIN) as (seen, gate):
        gate.plan = flushing()
        await ask(seen)
        await seen.press(*"prefix", "enter")
        text = await seen.until(lambda text: "what do the keys begin with?" in text)
        assert "It is taken as it stands, * too." in " ".join(text.split())
        hand = Hand(seen)
        await hand.type("enter")
        await seen.until(lambda text: "A prefix of nothing is everything" in text)
        await hand.type(*"cart:7*", "enter")
        await seen.until(lambda text: "Type sessions-001" in text)
        assert gate.args("act.plan")["scope"] == "prefix:0:cart:7*"


async def test_what_was_typed_before_the_question_was_in_sight_is_no_part_of_the_prefix(tmp_path: Path) -> None:
    async with gated(tmp_path, offers=ADMIN) as (seen, gate):
        gate.plan = flushing()
        await ask(seen)
        before = time.monotonic()
        await seen.burst(*"prefix", "enter", *"old", "enter")
        await seen.until(lambda text: "what do the keys begin with?" in text)
        for letter in "older":  # which a slow line brings only now
            late = events.Key(letter, letter)
            late.time = before
            seen.app.post_message(late)
        pasted = events.Paste("oldest")
        pasted.time = before
        seen.app.post_message(pasted)
        hand = Hand(seen)
        await hand.type(*"new:")
        await hand.paste("7:")
        await hand.type("enter")
        await seen.until(lambda text: "Type sessions-001" in text)
        assert gate.args("act.plan")["scope"] == "prefix:0:new:7:"


async def test_esc_leaves_the_list_and_the_question_and_plans_nothing(tmp_path: Path) -> None:
    async with gated(tmp_path, offers=ADMIN) as (seen, gate):
        await ask(seen)
        await seen.press("escape")
        await seen.until(lambda text: "shall be flushed?" not in text)
        await ask(seen)
        await seen.press(*"prefix", "enter")
        await seen.until(lambda text: "what do the keys begin with?" in text)
        await Hand(seen).type("escape")
        await seen.until(lambda text: "what do the keys begin with?" not in text)
        assert gate.asked == []


async def test_of_a_server_the_databases_are_those_that_it_has(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), offers=ADMIN) as (seen, gate):
        gate.plan = flushing(resource="orders-primary")
        await know(seen, files("master", "tempdb", "orders", "archive", "rdsadmin"))
        text = await ask(seen, "orders-primary")
        assert "This plan" not in text
        await seen.press("enter")
        text = await seen.until(lambda text: "The plans of which database of orders-primary?" in text)
        assert "archive" in text
        assert "tempdb" not in text.partition("The plans of which")[2]
        await seen.press(*"orders", "enter")
        await seen.until(lambda _: gate.asked == ["act.plan"])
        assert gate.args("act.plan") == {"action": "flush", "id": "orders-primary", "scope": "plans:orders"}


async def test_the_only_database_is_not_asked_for(tmp_path: Path) -> None:
    async with gated(tmp_path, offers=ADMIN) as (seen, gate):
        await know(seen, files("master", "orders"))
        await ask(seen, "orders-primary")
        await seen.press("enter")
        await seen.until(lambda _: gate.asked == ["act.plan"])
        assert gate.args("act.plan")["scope"] == "plans:orders"


def test_where_no_files_are_told_those_whose_statements_ran_are_asked_about() -> None:
    row = Statement(Safe("0x1"), Safe("0x2"), Safe("shop"), Safe("SELECT 1"), 1.0, 1.0, 1.0, 1.0, 0.0, 1.0)
    told = Queries(ORDERS, AT, (row,), 60.0, Safe("query stats"))
    assert ways.databases(replace(picture({}), inside={"queries": {ORDERS: told}}), ORDERS) == ("shop",)
    assert ways.databases(picture({}), ORDERS) == ()


@pytest.mark.parametrize("handle", [HANDLE, Safe("")])
async def test_on_the_statements_it_is_this_plan_where_the_cache_has_one(handle: Safe, tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), offers=ADMIN) as (seen, gate):
        row = Statement(
            Safe("0x1"), Safe("0x2"), Safe("orders"), Safe("SELECT burner"), 1.0, 9e3, 9e3, 1.0, 0.0, 1.0,
            plan_handle=handle,
        )  # fmt: skip
        seen.engine.say(Queries(ORDERS, AT, (row,), 60.0, Safe("query stats")))
        await seen.press("colon", *"queries orders-primary", "enter")
        await seen.until(lambda text: "SELECT burner" in text and "X:Flush" in text)
        await seen.press("X")
        text = await seen.until(lambda text: "What of orders-primary shall be flushed?" in text)
        assert ("This plan  of the statement under the cursor" in text) is bool(handle)
        await seen.press("escape")
        if handle:
            await seen.press("X", "enter")
            await seen.until(lambda _: gate.asked == ["act.plan"])
            assert gate.args("act.plan") == {"action": "flush", "id": "orders-primary", "scope": f"plan:{HANDLE}"}


async def test_whoever_may_not_is_told_so_and_is_asked_nothing(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), offers=OPERATOR) as (seen, gate):
        await seen.press("colon", *"go sessions-001", "enter")
        await seen.until(lambda text: "X:Flush ×admin" in text)
        await seen.press("X")
        await seen.until(lambda text: "Flush is locked: it needs admin, and you are operator." in text)
        assert gate.asked == []


async def test_of_a_postgres_it_is_locked_in_the_footer_and_in_words(tmp_path: Path) -> None:
    async with gated(tmp_path, (120, 40), offers=ADMIN) as (seen, gate):
        await seen.press("colon", *"go catalogue-1", "enter")
        await seen.until(lambda text: "X:Flush ×not here" in text or "F,X:Actions" in text)
        await seen.press("X")
        await seen.until(lambda text: "Flush is locked: Flushes are of Redis and Valkey nodes" in text)
        assert gate.asked == []
