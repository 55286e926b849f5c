"""What is told of a failover: the newest of each, for as long as its engine tells it, and nothing hostile in it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from console.protocol.failover import Failover
from console.protocol.message import Message
from console.protocol.mirror import Mirror
from tests.protocol.goldens import FAILOVER
from tests.protocol.said import ESTATE, Publisher

ID = str(FAILOVER.id)
TOPIC = f"dbo/v1/{ESTATE}/failover/{ID}"


def told(publisher: Publisher, run: Failover = FAILOVER) -> Message:
    return publisher.scribe.write("failover", ID, body=run)


def joined(publisher: Publisher) -> Mirror:
    mirror = Mirror(lambda: 100.0)
    take(mirror, publisher.meta("a"))
    return mirror


def take(mirror: Mirror, message: Message) -> set[str]:
    return mirror.apply(message.topic, message)


def test_it_arrives_whole() -> None:
    publisher = Publisher()
    mirror = joined(publisher)
    assert take(mirror, told(publisher)) == {TOPIC}
    assert mirror.failovers == {ID: FAILOVER}


def test_what_is_older_changes_nothing_whatever_order_it_comes_in() -> None:
    publisher = Publisher()
    mirror = joined(publisher)
    older, newer = told(publisher), told(publisher, FAILOVER.model_copy(update={"phase": "done"}))
    take(mirror, newer)
    assert take(mirror, older) == set()
    assert mirror.failovers[ID].phase == "done"


def test_what_is_told_no_more_is_gone_and_so_is_what_another_engine_told() -> None:
    publisher = Publisher()
    mirror = joined(publisher)
    take(mirror, told(publisher))
    assert mirror.apply(TOPIC, None) == {TOPIC}
    assert mirror.failovers == {}
    take(mirror, told(publisher))
    restarted = Publisher(epoch="01J00000000000000000000001", started=2_000)
    mirror.rejoin()
    take(mirror, restarted.meta("a"))
    assert mirror.failovers == {}


def test_a_picture_that_was_taken_before_stays_as_it_was() -> None:
    publisher = Publisher()
    mirror = joined(publisher)
    take(mirror, told(publisher))
    before = mirror.failovers
    take(mirror, told(publisher, FAILOVER.model_copy(update={"phase": "done"})))
    assert before[ID].phase == "ha-degraded"


def test_what_an_event_or_a_server_says_is_made_harmless() -> None:
    raw = FAILOVER.model_dump(mode="json")
    raw["notes"][0]["text"] = "started\x1b[2J\n\u202enow"
    raw["probe"]["said"] = "refused\x07"
    read = Failover.model_validate(raw)
    assert "\x1b" not in read.notes[0].text
    assert "\u202e" not in read.notes[0].text
    assert read.probe.said.isprintable()


@pytest.mark.parametrize("wrong", [{"phase": "gone"}, {"down": -1}, {"objective_s": float("nan")}, {"steps": [{}]}])
def test_what_it_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Failover.model_validate(FAILOVER.model_dump() | wrong)
