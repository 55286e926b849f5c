"""Is what a screen shows of a relayed publisher ever stale and looks fresh?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import count

import pytest

from console.mqtt.carrier import Heard
from console.mqtt.signing import Keys
from console.protocol.codec import decode, encode
from console.protocol.hub import Hub
from console.protocol.message import Message
from console.protocol.mirror import Mirror
from console.protocol.refusal import Refused
from console.protocol.subscription import Subscription
from console.protocol.topics import topic
from console.relay.intake import Gone, Intake, Taken
from console.relay.retelling import PATIENCE_S, QUIET_S, Retelling
from tests.protocol.said import ESTATE, Publisher
from tests.relay.publishing import EPOCH, NEWER, trusted


class Told:
    """A publisher, the relay, and a screen of it, one after the other."""

    def __init__(self) -> None:
        epochs = (f"01K000000000000000000000{number:02}" for number in count())
        self.hub = Hub()
        self.retelling = Retelling(self.hub, lambda: next(epochs))
        self.intake = Intake(ESTATE, "kim", Keys())
        self.mirror = Mirror(lambda: 0.0)
        self.said = Publisher(epoch=EPOCH, started=2_000)
        self.screen: Subscription | None = None

    def hears(self, *messages: Message, now: float = 0.0) -> None:
        for message in messages:
            result = self.intake.take(Heard(message.topic, encode(message), is_retained=False), now)
            if isinstance(result, Taken):
                with suppress(Refused):
                    self.retelling.take(result, now)
            elif isinstance(result, Gone):
                self.retelling.gone(result.topics)

    def screen_topics(self) -> set[str]:
        """What whoever joined now would be told of."""
        with self.hub.attach() as one:
            return set(one._changed)

    async def shown(self) -> dict[str, float | None]:
        """What the screen draws as current, once it has taken all."""
        assert self.screen is not None
        while self.screen.pending:
            for text, payload in await self.screen.next():
                self.mirror.apply(text, decode(text, payload))
        return trusted(self.mirror)


@pytest.fixture
def told() -> Iterator[Told]:
    made = Told()
    with made.hub.attach() as screen:
        made.screen = screen
        said = made.said
        made.hears(said.meta("a", "b"), said.res("a", {"cpu": (1.0, 1)}), said.res("b", {"cpu": (2.0, 2)}))
        yield made


async def test_ticks_move_what_is_known(told: Told) -> None:
    told.hears(told.said.tick({"a": {"cpu": (3.0, 3)}}), told.said.tick({"b": {"cpu": (4.0, 4)}}))
    assert await told.shown() == {"a": 3.0, "b": 4.0}


async def test_a_tick_that_was_missed_makes_stale_what_it_could_have_been_about(told: Told) -> None:
    assert await told.shown() == {"a": 1.0, "b": 2.0}
    told.said.tick({"a": {"cpu": (9.0, 3)}})  # lost on the way
    told.hears(told.said.tick({"b": {"cpu": (4.0, 4)}}))
    assert await told.shown() == {}
    told.hears(told.said.res("a", {"cpu": (9.0, 3)}))
    assert await told.shown() == {"a": 9.0}
    told.hears(told.said.tick({"a": {"cpu": (10.0, 5)}, "b": {"cpu": (5.0, 5)}}))
    assert await told.shown() == {"a": 10.0}, "b has missed something, and one value more does not change that"
    told.hears(told.said.res("b", {"cpu": (5.0, 5)}))
    assert await told.shown() == {"a": 10.0, "b": 5.0}


async def test_what_a_broker_kept_from_before_the_last_ticks_is_stale_for_who_joins(told: Told) -> None:
    old = told.said.res("b", {"cpu": (3.0, 3)})
    told.said.tick({"b": {"cpu": (4.0, 4)}})
    told.hears(old, told.said.tick({"a": {"cpu": (4.0, 5)}}))
    assert await told.shown() == {}


async def test_after_a_lost_connection_nothing_is_fresh_until_it_is_known_that_nothing_was_missed(told: Told) -> None:
    told.hears(told.said.tick({"a": {"cpu": (3.0, 3)}}))
    assert await told.shown() == {"a": 3.0, "b": 2.0}
    told.retelling.doubt()
    assert await told.shown() == {}
    told.hears(told.said.tick({"b": {"cpu": (4.0, 4)}}), now=11.0)
    assert await told.shown() == {"a": 3.0, "b": 4.0}


async def test_what_is_not_told_again_is_no_more(told: Told) -> None:
    told.retelling.doubt()
    told.retelling.expect_all(10.0)
    told.hears(told.said.meta("a"), told.said.res("a", {"cpu": (5.0, 5)}), now=11.0)
    told.retelling.sweep(11.0 + QUIET_S / 2)
    assert topic(ESTATE, "res", "b") in told.screen_topics()
    told.retelling.sweep(11.0 + QUIET_S)
    assert topic(ESTATE, "res", "b") not in told.screen_topics()
    assert await told.shown() == {"a": 5.0}
    told.retelling.sweep(99.0)
    assert await told.shown() == {"a": 5.0}


async def test_an_engine_that_was_started_again_has_time_to_tell(told: Told) -> None:
    assert await told.shown() == {"a": 1.0, "b": 2.0}
    again = Publisher(epoch=NEWER, started=3_000)
    told.hears(again.meta("a", "b"), now=10.0)
    assert await told.shown() == {}
    assert set(told.mirror.resources) == {"a", "b"}, "the last picture stays, as stale"
    told.hears(again.res("a", {"cpu": (7.0, 7)}), again.tick({"a": {"cpu": (8.0, 8)}}), now=20.0)
    assert await told.shown() == {"a": 8.0}
    told.retelling.sweep(20.0 + QUIET_S)
    assert set(told.mirror.resources) == {"a", "b"}
    told.retelling.sweep(20.0 + PATIENCE_S)
    await told.shown()
    assert set(told.mirror.resources) == {"a"}


async def test_who_joins_later_gets_the_same(told: Told) -> None:
    told.said.tick({"b": {"cpu": (9.0, 3)}})
    told.hears(told.said.res("a", {"cpu": (3.0, 3)}), told.said.tick({"a": {"cpu": (4.0, 4)}}))
    with told.hub.attach() as later:
        told.screen, told.mirror = later, Mirror(lambda: 0.0)
        assert await told.shown() == {"a": 4.0}


async def test_who_joins_is_told_what_happened_before_and_nobody_hears_it_twice(told: Told) -> None:
    said = told.said
    before, known = said.event("it smells"), said.event("it burns")
    await told.shown()
    told.hears(known)
    past = [[each.seq, dict(each.body)] for each in (before, known)]
    told.hears(said.scribe.say(topic(ESTATE, "event"), "past", {"events": [*past, ["nonsense"], [7, {"text": 1}]]}))
    told.hears(said.scribe.say(topic(ESTATE, "event"), "past", {"events": past}), said.status())
    await told.shown()
    assert [event.text for event in told.mirror.events] == ["it burns", "it smells"]
