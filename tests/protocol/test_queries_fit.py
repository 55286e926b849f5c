"""As many statements as can be told, with texts in which nothing repeats, go into one message."""

from __future__ import annotations

import random
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


@pytest.mark.parametrize("letters", ["abcdefghijklmnopqrstuvwxyz ABCDEF_.", "äöüßéèàçñøå中文字漢"])
def test_the_most_that_can_be_told_fits_and_comes_back(letters: str) -> None:
    chance = random.Random(1)
    texts = cut_to({n: "".join(chance.choices(letters, k=4000)) for n in range(MOST)}, TEXT_BYTES)
    rows = tuple(
        Statement(
            Safe(f"0x{chance.getrandbits(64):016X}"),
            Safe(f"0x{chance.getrandbits(64):016X}"),
            Safe("orders"),
            sanitise(text),
            *(chance.random() * 1e5 for _ in range(7)),
            wait=Safe("Buffer IO"),
        )
        for text in texts.values()
    )
    fact = Queries(
        ResourceId(Safe("orders-primary")), datetime(2026, 3, 11, tzinfo=UTC), rows, 60.0, Safe("query stats")
    )
    about = topic("e", "queries", "orders-primary")
    message = decode(about, encode(Scribe("e", "engine", EPOCH, lambda: 1).say(about, "queries", body_of(fact))))
    assert message is not None
    assert read(QueriesBody, message).fact == fact
