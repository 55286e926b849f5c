"""What a screen shows of messages that come in any order, twice, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from console.protocol.codec import Refused
from console.protocol.message import Message
from console.protocol.mirror import Mirror
from console.protocol.topics import READY
from console.protocol.topics import topic as topic_of
from tests.protocol.said import EPOCH, ESTATE, Publisher, Shown, Values, shown
from tests.protocol.test_codec import trees
from tests.protocol.test_hub_and_mirror import CHANGES, DECLARED, RESOURCES

EPOCHS = [f"01J0000000000000000000000{number}" for number in range(9)]


def take(mirror: Mirror, *messages: Message) -> set[str]:
    return set().union(*(mirror.apply(message.topic, message) for message in messages))


@pytest.fixture
def publisher() -> Publisher:
    return Publisher()


@pytest.fixture
def mirror(publisher: Publisher) -> Mirror:
    mirror = Mirror(lambda: 100.0)
    take(mirror, publisher.meta("a", "b"), publisher.res("a", {"cpu": (1.0, 1)}), publisher.res("b", {"cpu": (1.0, 1)}))
    return mirror


def test_a_tick_changes_what_is_declared_and_nothing_else(mirror: Mirror, publisher: Publisher) -> None:
    changed = take(mirror, publisher.tick({"a": {"cpu": (2.0, 2), "lag": (9.0, 2)}, "c": {"cpu": (9.0, 2)}}))
    assert changed == {"dbo/v1/shop/res/a"}
    assert shown(mirror) == {"a": {"cpu": (2.0, 2)}, "b": {"cpu": (1.0, 1)}}


def test_a_gap_makes_values_stale_until_a_newer_resource(mirror: Mirror, publisher: Publisher) -> None:
    publisher.tick({"a": {"cpu": (2.0, 2)}})  # lost
    changed = take(mirror, publisher.tick({"b": {"cpu": (3.0, 3)}}))
    assert changed == {"dbo/v1/shop/res/a", "dbo/v1/shop/res/b"}
    assert {value.s for res in mirror.resources.values() for value in res.values.values()} == {"stale"}
    take(mirror, publisher.tick({"a": {"cpu": (4.0, 4)}}))
    assert shown(mirror) == {"a": {}, "b": {}}
    assert take(mirror, publisher.res("a", {"cpu": (5.0, 5)})) == {"dbo/v1/shop/res/a"}
    take(mirror, publisher.tick({"a": {"cpu": (6.0, 6)}}))
    assert shown(mirror) == {"a": {"cpu": (6.0, 6)}, "b": {}}


def test_a_resource_from_before_a_lost_tick_is_not_taken_for_new(mirror: Mirror, publisher: Publisher) -> None:
    late = publisher.res("a", {"cpu": (2.0, 2)})
    take(mirror, publisher.tick({"b": {"cpu": (3.0, 3)}}))
    take(mirror, late)
    assert shown(mirror)["a"] == {}  # whether the tick had something for it cannot be known from the resource


def test_what_is_old_or_double_is_ignored(mirror: Mirror, publisher: Publisher) -> None:
    old, new = publisher.res("a", {"cpu": (2.0, 2)}), publisher.res("a", {"cpu": (3.0, 3)})
    tick = publisher.tick({"a": {"cpu": (4.0, 4)}})
    take(mirror, new, tick)
    assert take(mirror, old, new, tick) == set()
    assert take(mirror, publisher.meta("a", "b")) == {"dbo/v1/shop/meta"}
    assert take(mirror, old, new, tick) == set()
    assert shown(mirror)["a"] == {"cpu": (4.0, 4)}


def test_a_tick_that_was_overtaken_does_not_hide_that_a_later_one_is_missing(
    mirror: Mirror, publisher: Publisher
) -> None:
    overtaken, newest = publisher.tick({"a": {"cpu": (2.0, 2)}}), publisher.tick({"a": {"cpu": (3.0, 3)}})
    take(mirror, newest, overtaken)
    assert shown(mirror) == {"a": {}, "b": {}}
    take(mirror, newest)  # once more: now it fits
    assert shown(mirror) == {"a": {"cpu": (3.0, 3)}, "b": {"cpu": (1.0, 1)}}


def test_what_was_deleted_does_not_come_back_with_an_old_message(mirror: Mirror, publisher: Publisher) -> None:
    late = publisher.res("a", {"cpu": (2.0, 2)})
    take(mirror, publisher.status())
    assert mirror.apply("dbo/v1/shop/res/a", None) == {"dbo/v1/shop/res/a"}
    assert mirror.apply("dbo/v1/shop/res/a", None) == set()
    assert take(mirror, late) == set()
    assert set(mirror.resources) == {"b"}
    take(mirror, publisher.res("a", {"cpu": (3.0, 3)}))
    assert set(mirror.resources) == {"a", "b"}


def test_what_a_newer_meta_does_not_name_is_gone_and_a_lost_one_returns(mirror: Mirror, publisher: Publisher) -> None:
    late = publisher.res("a", {"cpu": (2.0, 2)})
    assert "dbo/v1/shop/res/a" in take(mirror, publisher.meta("b", "c"))
    assert set(mirror.resources) == {"b"}
    assert take(mirror, late) == set()
    assert "a" not in mirror.hist
    take(mirror, publisher.res("c", {"cpu": (2.0, 2)}), publisher.meta("a", "b", "c"), publisher.res("a", {}))
    assert set(mirror.resources) == {"a", "b", "c"}


def test_another_engine_begins_anew_and_the_old_picture_is_stale(mirror: Mirror, publisher: Publisher) -> None:
    take(mirror, publisher.status())
    later = Publisher(epoch=EPOCHS[5], started=2_000)
    take(mirror, later.meta("a", "c"))
    assert shown(mirror) == {"a": {}}
    assert mirror.status is None
    assert take(mirror, publisher.res("a", {"cpu": (9.0, 9)}), publisher.tick({"a": {"cpu": (9.0, 9)}})) == set()
    take(mirror, later.tick({"a": {"cpu": (8.0, 8)}}))
    assert shown(mirror) == {"a": {}}
    take(mirror, later.res("a", {"cpu": (7.0, 7)}), later.tick({"a": {"cpu": (8.0, 8)}}), publisher.meta("a", "b"))
    assert shown(mirror) == {"a": {"cpu": (8.0, 8)}}
    assert mirror.epoch == EPOCHS[5]


def test_state_that_comes_before_its_meta_waits_for_it(mirror: Mirror) -> None:
    later = Publisher(epoch=EPOCHS[5], started=2_000)
    meta, old, new = later.meta("c"), later.res("c", {"x": (1.0, 1)}), later.res("c", {"x": (2.0, 2)})
    status = later.status()
    assert take(mirror, new, old, status) == set()
    assert set(mirror.resources) == {"a", "b"}
    assert take(mirror, meta) >= {"dbo/v1/shop/res/c", "dbo/v1/shop/status", "dbo/v1/shop/meta"}
    assert shown(mirror) == {"c": {"x": (2.0, 2)}}
    assert mirror.status is not None


def test_what_a_dead_engine_says_does_not_keep_out_what_comes_before_its_meta(mirror: Mirror) -> None:
    later, latest = Publisher(epoch=EPOCHS[5], started=2_000), Publisher(epoch=EPOCHS[6], started=3_000)
    take(mirror, latest.meta("c"))
    take(mirror, *(later.res(f"late-{number}", {}) for number in range(3_000)))
    next_one = Publisher(epoch=EPOCHS[7], started=4_000)
    take(mirror, next_one.res("c", {"x": (1.0, 1)}), next_one.meta("c"))
    assert shown(mirror) == {"c": {"x": (1.0, 1)}}


def test_now_is_that_of_the_engine_that_speaks(mirror: Mirror, publisher: Publisher) -> None:
    take(mirror, *(publisher.tick({}) for _ in range(9)))
    later = Publisher(epoch=EPOCHS[5], started=2_000)
    meta = later.meta("a")
    take(mirror, meta)
    assert mirror.now_ms(100.0) == meta.at


def test_now_is_the_publishers_and_goes_on_between_messages() -> None:
    moment = 100.0
    mirror = Mirror(lambda: moment)
    publisher = Publisher()
    assert mirror.now_ms(moment) is None
    assert mirror.age(moment) is None
    fast = publisher.meta("a")
    take(mirror, Message(**{**{f: getattr(fast, f) for f in fast.__slots__}, "body": {**fast.body, "speed": 60.0}}))
    assert mirror.now_ms(100.0) == fast.at
    assert mirror.now_ms(101.5) == fast.at + 90_000
    moment = 102.0
    late, tick = publisher.status(), publisher.tick({})
    take(mirror, tick)
    assert (mirror.now_ms(103.0), mirror.age(103.0)) == (tick.at + 60_000, 1.0)
    moment = 104.0
    take(mirror, late, tick)  # nothing new, so time goes on from where it was
    assert (mirror.now_ms(104.0), mirror.age(104.0)) == (tick.at + 120_000, 2.0)
    take(mirror, Message(READY, "ready", 5, EPOCH, tick.seq, "engine", {}))
    assert mirror.now_ms(104.0) == tick.at + 120_000


def test_a_state_that_was_said_long_ago_does_not_turn_time_back() -> None:
    moment = 100.0
    mirror = Mirror(lambda: moment)
    publisher = Publisher()
    take(mirror, publisher.meta("a"), publisher.tick({}))
    moment = 130.0
    known, kept = mirror.now_ms(moment), publisher.status()
    assert known is not None
    assert kept.at < known
    take(mirror, kept)
    assert (mirror.now_ms(moment), mirror.age(moment)) == (known, 0.0)
    tick = publisher.tick({})
    assert tick.at < known
    take(mirror, tick)
    assert mirror.now_ms(moment) == tick.at, "what is live is of now, whatever was thought"


def test_history_grows_by_ticks_and_takes_in_what_comes_late(mirror: Mirror, publisher: Publisher) -> None:
    take(mirror, publisher.tick({"a": {"cpu": (2.0, 20)}}), publisher.tick({"a": {"cpu": (None, 40), "no": (1.0, 1)}}))
    assert mirror.hist["a"]["cpu"].columns() == ((1, 20, 40), (1.0, 2.0, None))
    assert set(mirror.hist["a"]) == {"cpu"}
    changed = take(mirror, publisher.hist("a", {"cpu": [(0, 0.5), (20, 2.5), (30, 3.0)], "old": [(1, None)]}))
    assert changed == {"dbo/v1/shop/hist/a"}
    assert mirror.hist["a"]["cpu"].columns() == ((0, 1, 20, 30, 40), (0.5, 1.0, 2.5, 3.0, None))
    publisher.tick({})  # lost: points are facts all the same
    take(mirror, publisher.tick({"a": {"cpu": (5.0, 50)}}))
    assert mirror.hist["a"]["cpu"].columns(since=40) == ((40, 50), (None, 5.0))
    assert mirror.apply("dbo/v1/shop/hist/a", None) == {"dbo/v1/shop/hist/a"}
    assert "a" not in mirror.hist


def test_events_are_kept_once_each_and_no_more_than_two_hundred(mirror: Mirror, publisher: Publisher) -> None:
    events = [publisher.event(str(number)) for number in range(250)]
    take(mirror, *events, events[-1])
    assert [event.text for event in mirror.events] == [str(number) for number in range(50, 250)]


def test_an_engine_that_was_started_again_tells_no_event_twice(mirror: Mirror, publisher: Publisher) -> None:
    take(mirror, publisher.event("failover started"), publisher.event("failover completed"))
    later = Publisher(epoch=EPOCHS[5], started=2_000)
    take(mirror, later.meta("a"))
    assert take(mirror, later.event("failover started"), later.event("failover completed")) == set()
    assert take(mirror, later.event("backup began")) == {"dbo/v1/shop/event"}
    assert [event.text for event in mirror.events] == ["failover started", "failover completed", "backup began"]


def test_a_picture_that_was_kept_does_not_move(mirror: Mirror, publisher: Publisher) -> None:
    kept, copy = mirror.resources, dict(mirror.resources)
    take(mirror, publisher.tick({"a": {"cpu": (2.0, 2)}}), publisher.meta("b"), publisher.res("b", {}))
    assert dict(kept) == copy
    assert dict(mirror.resources) != copy


def test_kinds_and_families_of_later_releases_are_ignored(mirror: Mirror, publisher: Publisher) -> None:
    for topic, kind in (("forecast/a", "forecast"), ("res/a", "res2"), ("rumour/1", "rumour"), ("event", "later")):
        message = Message(f"dbo/v1/{ESTATE}/{topic}", kind, 1, EPOCH, 50, "engine", {"x": 1})
        assert take(mirror, message) == set()
        assert mirror.apply(message.topic, None) == set() if topic in {"forecast/a", "rumour/1"} else True
    assert shown(mirror) == {"a": {"cpu": (1.0, 1)}, "b": {"cpu": (1.0, 1)}}


bodies = st.dictionaries(st.text(max_size=6), trees, max_size=4)
topics = st.sampled_from(["meta", "status", "res/a", "hist/a", "tick", "event", "ack/x", "cmd/x", "later"])


@settings(max_examples=100)
@given(st.lists(st.tuples(topics, bodies, st.integers(0, 8)), max_size=5))
def test_a_body_that_is_none_is_refused_and_changes_nothing(said: list[tuple[str, dict[str, Any], int]]) -> None:
    mirror, publisher = Mirror(), Publisher()
    take(mirror, publisher.meta("a"), publisher.res("a", {"cpu": (1.0, 1)}))
    for path, body, number in said:
        topic = f"dbo/v1/{ESTATE}/{path}"
        before = (shown(mirror), mirror.meta, mirror.now_ms(1e9))
        try:
            mirror.apply(topic, Message(topic, path.split("/")[0], 7, EPOCHS[number], 90, "engine", body))
        except Refused:
            assert (shown(mirror), mirror.meta, mirror.now_ms(1e9)) == before


class Network(RuleBasedStateMachine):
    """Messages are lost, doubled and overtake each other; engines come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.mirror = Mirror()
        self.started = 1_000
        self.publisher = Publisher(epoch=EPOCHS[0], started=self.started)
        self.truth: Shown = {}
        self.ticks: list[Message] = []
        self.arrived: dict[tuple[str, str], Message] = {}  # by epoch and topic: the newest
        self.under_way: list[tuple[str, Message | None]] = []
        self.epoch, self.newest_tick = "", 0
        self.say(self.publisher.meta())

    def say(self, message: Message) -> None:
        if message.kind == "tick":
            self.ticks.append(message)
        self.under_way.append((message.topic, message))

    def deliver(self, topic: str, message: Message | None) -> None:
        self.mirror.apply(topic, message)
        if self.mirror.epoch != self.epoch:
            self.epoch, self.newest_tick = self.mirror.epoch, 0
        if message and message.kind == "tick" and message.epoch == self.epoch:
            self.newest_tick = max(self.newest_tick, message.seq)
        if message and message.kind == "res":
            key = (message.epoch, topic)
            self.arrived[key] = max(message, self.arrived.get(key, message), key=lambda one: one.seq)

    @rule(resource=RESOURCES, values=DECLARED)
    def publish_a_resource(self, resource: str, values: Values) -> None:
        known = resource in self.truth
        self.truth[resource] = dict(values)
        self.say(self.publisher.res(resource, values))
        if not known:
            self.say(self.publisher.meta(*self.truth))

    @rule(changes=st.dictionaries(RESOURCES, CHANGES, max_size=3))
    def tick(self, changes: dict[str, Values]) -> None:
        for resource, values in changes.items():
            declared = self.truth.get(resource, {})
            declared |= {name: value for name, value in values.items() if name in declared}
        self.say(self.publisher.tick(changes))

    @rule(resource=RESOURCES)
    def delete(self, resource: str) -> None:
        if self.truth.pop(resource, None) is not None:
            self.under_way.append((self.publisher.res(resource, {}).topic, None))
            self.say(self.publisher.meta(*self.truth))

    @precondition(lambda self: self.started < 1_000 + len(EPOCHS) - 1)
    @rule()
    def restart(self) -> None:
        self.started += 1
        self.publisher = Publisher(epoch=EPOCHS[self.started - 1_000], started=self.started)
        self.refresh()

    def refresh(self) -> None:
        self.say(self.publisher.meta(*self.truth))
        for resource, values in self.truth.items():
            self.say(self.publisher.res(resource, values))

    @precondition(lambda self: self.under_way)
    @rule(which=st.integers(0, 1_000), kept=st.booleans())
    def arrive(self, which: int, kept: bool) -> None:
        topic, message = self.under_way[which % len(self.under_way)]
        if not kept:
            del self.under_way[which % len(self.under_way)]
        self.deliver(topic, message)

    @precondition(lambda self: self.under_way)
    @rule(which=st.integers(0, 1_000))
    def get_lost(self, which: int) -> None:
        del self.under_way[which % len(self.under_way)]

    @precondition(lambda self: self.under_way)
    @rule()
    def arrive_in_order(self) -> None:
        for topic, message in self.under_way:
            self.deliver(topic, message)
        self.under_way.clear()

    @rule(order=st.randoms(use_true_random=False))
    def all_is_right_after_a_refresh(self, order: Any) -> None:
        for topic, message in [one for one in self.under_way if one[1] is None]:
            self.deliver(topic, message)  # a deletion that comes later than the refresh would be taken for a new one
        late = [one for one in self.under_way if one[1] is not None]
        self.under_way.clear()
        self.refresh()
        fresh = list(self.under_way)
        self.under_way.clear()
        order.shuffle(fresh)
        order.shuffle(late)
        for topic, message in (*fresh, *late[:10], *fresh[:2]):
            self.deliver(topic, message)
        assert shown(self.mirror) == self.truth

    @invariant()
    def what_is_not_stale_has_missed_no_tick(self) -> None:
        for resource, values in shown(self.mirror).items():
            if len(values) < len(self.mirror.resources[resource].values):
                continue
            whole = self.arrived[self.mirror.epoch, topic_of(ESTATE, "res", resource)]
            expected = {name: (value["v"], value["t"]) for name, value in whole.body["values"].items()}
            for tick in self.ticks:
                if tick.epoch == whole.epoch and whole.seq < tick.seq <= self.newest_tick:
                    changes = tick.body["res"].get(resource, {})
                    expected |= {name: tuple(changes[name]) for name in expected.keys() & changes.keys()}
            assert values == expected


TestNetwork = Network.TestCase
TestNetwork.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
