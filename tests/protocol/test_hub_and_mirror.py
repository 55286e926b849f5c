"""Whatever is said in whatever order, and however slowly it is read: once a client has read all, it has the truth."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from console.protocol.codec import decode
from console.protocol.hub import Hub
from console.protocol.mirror import Mirror
from console.protocol.ring import FIRST_TOLD
from console.protocol.subscription import Subscription
from tests.protocol.said import Publisher, Shown, Values, shown

RESOURCES = st.sampled_from(["a", "b", "c", "d/é"])
NAMES = ["cpu", "lag", "io"]
POINTS = st.tuples(st.none() | st.integers(-9, 9).map(float), st.integers(1, 99))
CHANGES = st.dictionaries(st.sampled_from([*NAMES, "undeclared"]), POINTS, max_size=3)
DECLARED = st.dictionaries(st.sampled_from(NAMES), POINTS, min_size=1, max_size=3)


class Screen:
    def __init__(self, hub: Hub, runner: asyncio.Runner, mirror: Mirror, told: int) -> None:
        self.hub = hub
        self.runner = runner
        self.mirror = mirror
        self.join(told)

    def join(self, told: int) -> None:
        self.stack = ExitStack()
        self.subscription: Subscription = self.stack.enter_context(self.hub.attach())
        self.mirror.rejoin()
        self.events_due, self.events = min(told, FIRST_TOLD), 0
        self.lost_before = self.mirror.lost_events

    def read(self) -> bool:
        """One batch, if there is one."""
        batch = self.runner.run(self._next())
        for topic, payload in batch:
            message = decode(topic, payload)
            self.events += message is not None and message.kind == "event"
            self.mirror.apply(topic, message)
        return bool(batch)

    async def _next(self) -> list[tuple[str, bytes]]:
        taking = asyncio.ensure_future(self.subscription.next())
        await asyncio.sleep(0)
        if not taking.done():
            taking.cancel()
            return []
        return taking.result()


class HubAndMirror(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.hub = Hub()
        self.publisher = Publisher(self.hub)
        self.truth: Shown = {}
        self.screens: list[Screen] = []
        self.told = 0  # events, ever
        self.publisher.meta()

    @rule(resource=RESOURCES, values=DECLARED, meta_first=st.booleans())
    def publish_a_resource(self, resource: str, values: Values, meta_first: bool) -> None:
        self.truth[resource] = dict(values)
        if meta_first:
            self.publisher.meta(*self.truth)
        self.publisher.res(resource, values)
        if not meta_first:
            self.publisher.meta(*self.truth)

    @rule(changes=st.dictionaries(RESOURCES, CHANGES, max_size=3))
    def tick(self, changes: dict[str, Values]) -> None:
        self.publisher.tick(changes)
        for resource, values in changes.items():
            declared = self.truth.get(resource, {})
            declared |= {name: value for name, value in values.items() if name in declared}

    @rule(resource=RESOURCES, value=POINTS)
    def tick_one(self, resource: str, value: tuple[float | None, int]) -> None:
        self.tick({resource: dict.fromkeys(NAMES, value)})

    @rule(resource=RESOURCES, meta_first=st.booleans())
    def delete(self, resource: str, meta_first: bool) -> None:
        self.truth.pop(resource, None)
        if meta_first:
            self.publisher.meta(*self.truth)
        self.hub.delete(self.publisher.scribe.write("res", resource, body={}).topic)
        if not meta_first:
            self.publisher.meta(*self.truth)

    @rule(many=st.sampled_from([1, 1, 1, 2, 3, 1_100]))
    def events(self, many: int) -> None:
        for number in range(self.told, self.told + many):
            self.publisher.event(str(number))
        self.told += many
        for screen in self.screens:
            screen.events_due += many

    @precondition(lambda self: len(self.screens) < 3)
    @rule()
    def join(self) -> None:
        self.screens.append(Screen(self.hub, self.runner, Mirror(), self.told))

    @precondition(lambda self: self.screens)
    @rule(which=st.integers(0, 2))
    def lose_the_link_and_come_back(self, which: int) -> None:
        screen = self.screens[which % len(self.screens)]
        screen.stack.close()
        screen.join(self.told)

    @precondition(lambda self: self.screens)
    @rule(which=st.integers(0, 2))
    def read_a_little(self, which: int) -> None:
        self.screens[which % len(self.screens)].read()

    @precondition(lambda self: self.screens)
    @rule(which=st.integers(0, 2))
    def read_all(self, which: int) -> None:
        screen = self.screens[which % len(self.screens)]
        while screen.read():
            pass
        assert shown(screen.mirror) == self.truth
        assert len(set(screen.mirror.events)) == len(screen.mirror.events)
        assert screen.events + screen.mirror.lost_events - screen.lost_before == screen.events_due

    @invariant()
    def nothing_is_kept_but_the_present(self) -> None:
        figures = self.hub.figures
        assert figures.pending <= len(self.screens) * (4 + 2 + 1)  # the resources, meta, what is deleted, and a tick

    def teardown(self) -> None:
        for which, screen in enumerate(self.screens):
            self.read_all(which)
            screen.stack.close()
        assert self.hub.figures.clients == 0
        self.runner.close()


TestHubAndMirror = HubAndMirror.TestCase
TestHubAndMirror.settings = settings(max_examples=80, stateful_step_count=50, deadline=None)
