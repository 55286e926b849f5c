"""What is told of the time after a flush: the newest of each, for as long as its engine tells it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.protocol.codec import Refused
from console.protocol.flush import Flush
from console.protocol.message import Message
from console.protocol.mirror import Mirror
from tests.protocol.goldens import FLUSH
from tests.protocol.said import ESTATE, Publisher

ID = str(FLUSH.id)
TOPIC = f"dbo/v1/{ESTATE}/flush/{ID}"


def told(publisher: Publisher, flush: Flush = FLUSH) -> Message:
    return publisher.scribe.write("flush", ID, body=flush)


def joined(publisher: Publisher) -> Mirror:
    mirror = Mirror(lambda: 100.0)
    meta = publisher.meta("a")
    mirror.apply(meta.topic, meta)
    return mirror


def test_the_newest_counts_whatever_order_it_comes_in_and_what_is_told_no_more_is_gone() -> None:
    publisher = Publisher()
    mirror = joined(publisher)
    older, newer = told(publisher), told(publisher, FLUSH.model_copy(update={"ended": FLUSH.until}))
    assert mirror.apply(TOPIC, newer) == {TOPIC}
    assert mirror.apply(TOPIC, older) == set()
    assert mirror.flushes[ID].ended == FLUSH.until
    assert mirror.apply(TOPIC, None) == {TOPIC}
    assert mirror.flushes == {}
    assert mirror.apply(TOPIC, None) == set()


def test_what_another_engine_told_is_forgotten() -> None:
    publisher = Publisher()
    mirror = joined(publisher)
    mirror.apply(TOPIC, told(publisher))
    mirror.rejoin()
    meta = Publisher(epoch="01J00000000000000000000001", started=2_000).meta("a")
    mirror.apply(meta.topic, meta)
    assert mirror.flushes == {}


def test_a_value_that_is_no_number_is_refused_and_changes_nothing() -> None:
    publisher = Publisher()
    mirror = joined(publisher)
    message = told(publisher)
    body = {**message.body, "figures": [{"what": "hit rate", "about": "a", "before": float("nan")}]}
    with pytest.raises(Refused):
        mirror.apply(TOPIC, replace(message, body=body))
    assert mirror.flushes == {}
