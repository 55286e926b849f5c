"""What the estate is, whoever listens knows: whole resources, ticks in between, history for whoever looks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.clock import SteppedClock
from collectors.readings import Gone, Happened, Reading, ResourceId, Severity
from collectors.safe import Safe
from collectors.schedule.schedule import Schedule
from console import __version__
from console.engine.answers import Answers
from console.engine.pacing import MOST_PER_S
from console.engine.publisher import FEW, SEEN_FOR_S, Publisher
from console.engine.teller import Teller
from console.estate.estate import Estate
from console.estate.levels import Limit, Limits
from console.estate.states import Source
from console.protocol import memory
from console.protocol.client import Client
from console.protocol.hub import Hub
from console.protocol.meta import Meta
from console.protocol.mirror import Mirror
from console.protocol.requests import Access, Requests
from console.protocol.scribe import Scribe
from console.protocol.serve import serve
from console.protocol.status import Status
from tests.estate.builders import CPU, ORDERS, START, START_MS, at, described, metric, waits


@dataclass
class Newsroom:
    """An estate, a publisher and a hub; seconds are counted by hand."""

    estate: Estate = field(default_factory=Estate)
    hub: Hub = field(default_factory=Hub)
    second: float = 0.0
    status: Status = field(default_factory=lambda: Status(online=True))
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        scribe = Scribe("shop", "engine", "01J0000000000000000000000A", lambda: START_MS)
        self.teller = Teller("shop", self.hub, scribe)
        self.publisher = Publisher(
            self.estate,
            self.teller,
            meta=self._meta,
            status=lambda: self.status,
            pulse=lambda: self.status,
            sources=lambda _: {"cloudwatch": Source(timedelta(minutes=1), "ok")},
            now_ms=lambda: START_MS + int(self.second * 1000),
            limits=self.limits,
        )

    def _meta(self) -> Meta:
        names = {name: name for name in self.estate.resources}
        version = Safe(__version__)
        return Meta(schema_version=1, started=START_MS, version=version, estate=Safe("shop"), mode="demo", names=names)

    def hear(self, *readings: Reading) -> None:
        for reading in readings:
            self.estate.fold(reading)

    def step(self, seconds: float = 1.0) -> None:
        self.second += seconds
        self.publisher.step(self.second)

    @asynccontextmanager
    async def listener(self, wants: tuple[str, ...] = ()) -> AsyncIterator[Client]:
        here, there = memory.pair()
        answer = Requests(Answers(self.publisher.see, Schedule(SteppedClock(START), lambda _: None)))
        serving = asyncio.create_task(serve(there, self.hub, access=Access.VIEW, version=__version__, answer=answer))
        async with Client(here, "view", __version__, wants=wants) as client:
            yield client
        await serving

    async def present(self) -> Mirror:
        """As it is for somebody who joins now."""
        async with self.listener() as client:
            return client.mirror


def named(number: int) -> ResourceId:
    return ResourceId(Safe(f"db-{number:04d}"))


async def test_who_joins_has_every_resource_with_its_latest_values() -> None:
    room = Newsroom()
    room.hear(described(), metric(0, 41.0), waits(0, WRITELOG=120.0))
    room.step()
    room.hear(metric(60, 57.0))
    room.step()
    mirror = await room.present()
    assert mirror.resources[ORDERS].values[CPU].v == 57.0
    assert mirror.resources[ORDERS].values[Safe("wait.WRITELOG")].v == 120.0


async def test_a_value_that_moves_comes_as_a_tick_and_a_new_one_with_its_whole_resource() -> None:
    room = Newsroom()
    room.hear(described(), metric(0, 41.0))
    room.step()
    async with room.listener() as client:
        changes = client.changes()
        await anext(changes)
        room.hear(metric(60, 57.0))
        room.step()
        await anext(changes)
        assert client.mirror.resources[ORDERS].values[CPU].v == 57.0
        room.hear(metric(60, 5.0, name="cloudwatch.WriteIOPS"))
        room.step()
        await anext(changes)
        assert client.mirror.resources[ORDERS].values[Safe("cloudwatch.WriteIOPS")].v == 5.0
        assert client.tally.total == 0


async def test_a_value_that_nobody_renews_is_told_to_be_stale_within_seconds() -> None:
    room = Newsroom()
    room.hear(described(), metric(0, 41.0))
    room.step()
    assert (await room.present()).resources[ORDERS].values[CPU].s == "fresh"
    room.second += 600
    for _ in range(6):
        room.step()
    assert (await room.present()).resources[ORDERS].values[CPU].s == "stale"
    room.hear(metric(room.second, 43.0))
    room.step()
    assert (await room.present()).resources[ORDERS].values[CPU].s == "fresh"


async def test_an_unchanged_estate_says_nothing_but_its_refresh() -> None:
    room = Newsroom()
    room.hear(described(), metric(0, 41.0))
    room.step()
    with room.hub.attach() as client:
        while not any(topic.endswith("/ready") for topic, _ in await client.next()):
            pass
        for _ in range(8):
            room.step()
        assert client.pending <= 1


async def test_what_is_looked_at_gets_its_history_at_once_and_what_is_not_gets_none_before() -> None:
    room = Newsroom()
    room.hear(*(described(about=named(n)) for n in range(200)))
    room.hear(*(metric(s, 40.0 + s, about=named(n)) for n in range(200) for s in (0, 60, 120)))
    room.publisher.see([named(150)])
    room.step()
    mirror = await room.present()
    assert named(150) in mirror.resources
    assert mirror.hist[named(150)][CPU].columns()[1] == (40.0, 100.0, 160.0)


async def test_a_thousand_resources_come_in_bounded_seconds_and_those_looked_at_first() -> None:
    room = Newsroom()
    room.hear(*(described(about=named(n)) for n in range(1000)))
    room.publisher.see([named(999)])
    room.step()
    first = await room.present()
    assert named(999) in first.resources
    assert len(first.resources) <= MOST_PER_S
    for _ in range(15):
        room.step()
    assert len((await room.present()).resources) == 1000


async def test_a_resource_that_is_gone_is_gone_for_everyone() -> None:
    room = Newsroom()
    room.hear(described(), described(about=named(1)))
    room.step()
    async with room.listener() as client:
        changes = client.changes()
        await anext(changes)
        room.hear(Gone(ORDERS, at(60)))
        room.step()
        while ORDERS in client.mirror.resources:
            await anext(changes)
        assert set(client.mirror.resources) == {named(1)}
    assert set((await room.present()).resources) == {named(1)}


async def test_what_happened_is_told_once() -> None:
    room = Newsroom()
    room.hear(described())
    room.step()
    async with room.listener() as client:
        changes = client.changes()
        await anext(changes)
        room.teller.happened(Happened(ORDERS, at(5), Safe("Multi-AZ failover started"), Severity.HIGH, Safe("rds")))
        await anext(changes)
        assert [event.text for event in client.mirror.events] == ["Multi-AZ failover started"]


async def test_a_hundred_values_of_two_hundred_resources_are_told_in_parts_that_fit() -> None:
    room = Newsroom()
    room.hear(*(described(about=named(n)) for n in range(200)))
    names = [f"cloudwatch.Metric{m:03d}WithALongNameThatIsAllItsOwn" for m in range(100)]
    for second in (0, 60):
        for n in range(200):
            values = enumerate(n * 1.2345 + m * 0.6789 + second for m in range(len(names)))
            room.hear(*(metric(second, v, name=names[m], about=named(n)) for m, v in values))
        for _ in range(4):
            room.step()
    mirror = await room.present()
    assert {mirror.resources[named(n)].values[Safe(names[7])].t for n in range(200)} == {START_MS + 60_000}


MOVES = st.one_of(
    st.tuples(st.just("value"), st.integers(0, 3), st.floats(0, 100)),
    st.tuples(st.just("describe"), st.integers(0, 3), st.sampled_from(["available", "rebooting"])),
    st.tuples(st.just("gone"), st.integers(0, 3), st.none()),
    st.tuples(st.just("step"), st.just(0), st.none()),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(MOVES, max_size=60))
def test_any_life_of_an_estate_ends_in_what_it_is(moves: list[tuple[str, int, object]]) -> None:
    async def live() -> None:
        room = Newsroom()
        async with room.listener() as client:
            for second, (what, number, how) in enumerate(moves):
                match what, how:
                    case "value", float(v):
                        room.hear(metric(second, v, about=named(number)))
                    case "describe", str(status):
                        room.hear(described(second, named(number), status))
                    case "gone", _:
                        room.hear(Gone(named(number), at(second)))
                    case _:
                        room.step()
            room.step()
            room.step()
            while client.mirror.meta is None or _values(client.mirror) != _truth(room.estate):
                async with asyncio.timeout(5):
                    await anext(client.changes())

    asyncio.run(live())


def _values(mirror: Mirror) -> dict[str, tuple[str, float | None]]:
    values = {name: res.values.get(CPU) for name, res in mirror.resources.items()}
    return {name: (mirror.resources[name].status, v.v if v else None) for name, v in values.items()}


def _truth(estate: Estate) -> dict[str, tuple[str, float | None]]:
    latest = {name: r.latest.get(CPU) for name, r in estate.resources.items()}
    return {name: (estate.resources[name].described.status, v.value if v else None) for name, v in latest.items()}


@pytest.mark.parametrize("ids", ["orders", 3, None, ["a", 1], ["a"] * 501])
async def test_a_see_that_is_no_list_of_ids_is_refused_in_words(ids: object) -> None:
    room = Newsroom()
    room.hear(described())
    room.step()
    async with room.listener() as client:
        ack = await client.request("see", {"ids": ids})
        assert not ack.ok
        assert ack.error is not None
        assert "list of resource ids" in ack.error.what


async def test_a_value_that_crosses_a_threshold_has_its_resource_told_anew_and_back_again() -> None:
    newsroom = Newsroom(limits=Limits([Limit(CPU, Severity.HIGH, 90.0, above=True)]))
    newsroom.hear(described(), metric(0, 50.0))
    newsroom.step()
    assert (await newsroom.present()).resources[ORDERS].level is None
    assert not newsroom.publisher.sick
    newsroom.hear(metric(60, 95.0))
    newsroom.step()
    newsroom.step()
    told = (await newsroom.present()).resources[ORDERS]
    assert (told.level, told.why) == (Severity.HIGH, (Safe("CPUUtilization over 90.0%"),))
    assert newsroom.publisher.sick == {ORDERS}
    newsroom.hear(metric(120, 40.0))
    newsroom.step()
    newsroom.step()
    assert (await newsroom.present()).resources[ORDERS].level is None
    assert not newsroom.publisher.sick


async def test_in_a_large_estate_only_what_is_looked_at_tells_its_history_and_only_while_it_is() -> None:
    newsroom = Newsroom()
    names = [ResourceId(Safe(f"db-{n:03}")) for n in range(FEW + 1)]
    for name in names:
        newsroom.hear(described(about=name), metric(0, 1.0, about=name))
    newsroom.step()
    newsroom.publisher.see(names[:2])
    for _ in range(8):
        newsroom.step()
    meta_and_status = 2
    assert newsroom.hub.figures.topics == meta_and_status + len(names) + 2
    assert newsroom.publisher.visible == set(names[:2])
    newsroom.step(SEEN_FOR_S)
    assert not newsroom.publisher.visible


async def test_what_turns_grave_is_told_with_its_time_and_a_history_that_comes_late_says_since_when() -> None:
    room = Newsroom(limits=Limits([Limit(CPU, Severity.HIGH, 90.0, above=True)]))
    room.hear(described(), metric(0, 50.0))
    room.step()
    room.hear(metric(60, 95.0))
    room.step(100)
    room.step()
    async with room.listener() as client:
        room.teller.happened(Happened(ORDERS, at(101), Safe("the last thing"), Severity.INFO, Safe("test")))
        while len(client.mirror.events) < 2:
            await anext(client.changes())
        (told, _) = client.mirror.events
        assert (told.text, told.severity, told.t) == ("high: CPUUtilization over 90.0%", "high", START_MS + 60_000)
        assert client.mirror.resources[ORDERS].since == START_MS + 60_000
    room.hear(metric(30, 93.0))
    room.step()
    assert (await room.present()).resources[ORDERS].since == START_MS + 30_000
