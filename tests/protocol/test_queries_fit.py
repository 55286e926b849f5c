"""As many statements as can be told, with texts in which nothing repeats, go into one message."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from collectors.inside.queries import Queries, Statement
from collectors.inside.top_statements import FIRST_BY_EACH, MEASURES, cut_to
from collectors.readings import ResourceId
from collectors.safe import Safe, sanitise
from collectors.sqlserver.queries.statements import TEXT_BYTES
from console.protocol.codec import decode, encode, read
from console.protocol.inside import QueriesBody, body_of
from console.protocol.scribe import Scribe
from console.protocol.topics import topic
from tests.protocol.said import EPOCH

MOST = 2 * FIRST_BY_EACH * len(MEASURES)  # by the plan cache, and by Query Store


def statement(chance: random.Random) -> Statement:
    """Its numbers are long."""
    nothing = (0.0,) * 6
    plain = Statement(Safe(""), Safe(""), Safe("orders"), Safe(""), *nothing, wait=Safe("Buffer IO"))
    costs = {name: chance.random() * 1e5 for name in (*MEASURES, "rows", "spills", "grant_kb")}
    hashes = {name: sanitise(f"0x{chance.getrandbits(64):016X}") for name in ("hash", "plan")}
    return replace(plain, **costs, **hashes)  # type: ignore[arg-type]


@pytest.mark.parametrize("letters", ["abcdefghijklmnopqrstuvwxyz ABCDEF_.", "äöüßéèàçñøå中文字漢"])
def test_the_most_that_can_be_told_fits_and_comes_back(letters: str) -> None:
    chance = random.Random(1)
    texts = cut_to({n: "".join(chance.choices(letters, k=4000)) for n in range(MOST)}, TEXT_BYTES)
    rows = tuple(replace(statement(chance), text=sanitise(text)) for text in texts.values())
    orders = ResourceId(Safe("orders-primary"))
    fact = Queries(orders, datetime(2026, 3, 11, tzinfo=UTC), rows, 60.0, Safe("query stats"))
    about = topic("e", "queries", "orders-primary")
    message = decode(about, encode(Scribe("e", "engine", EPOCH, lambda: 1).say(about, "queries", body_of(fact))))
    assert message is not None
    assert read(QueriesBody, message).fact == fact
