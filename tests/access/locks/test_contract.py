"""What the border promises, of each of the three."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from console.access.locks.border import ClusterLock, Held, Holder, Taken
from tests.access.by_hand import NOON, StandingClock
from tests.access.locks.conftest import Make
from tests.access.locks.holding import HOUR, held, holder, taken
from tests.rig.battery import battery


async def test_the_second_is_told_who_has_it_what_for_and_since_when(
    make: Make, key: str, clock: StandingClock
) -> None:
    first = held(await make().take(key, holder("01A", "alice")))
    clock.go_on(timedelta(seconds=38))
    lost = taken(await make().take(key, holder("01B", "bob", clock)))
    assert lost.by == first.holder
    refused = lost.refusal(clock.now())
    assert refused.what == "alice started fail over 01A 38 s ago."
    assert refused.seen == "it has the lock until 13:00Z"
    assert refused.mend == "Press Enter to watch it."


async def test_another_cluster_is_free(make: Make, key: str) -> None:
    held(await make().take(key, holder("01A")))
    held(await make().take(f"{key}-2", holder("01B")))


async def test_it_is_held_until_its_time_is_up_and_then_free(make: Make, key: str, clock: StandingClock) -> None:
    ours = held(await make().take(key, holder("01A")))
    clock.go_on(HOUR)
    assert await make().still_held(ours)
    taken(await make().take(key, holder("01B", "bob", clock)))
    clock.go_on(timedelta(seconds=1))
    assert not await make().still_held(ours)
    theirs = held(await make().take(key, holder("01B", "bob", clock)))
    assert theirs.fence > ours.fence
    assert await make().still_held(theirs)
    assert not await make().still_held(ours)


async def test_what_is_given_back_is_free_at_once(make: Make, key: str) -> None:
    lock = make()
    ours = held(await lock.take(key, holder("01A")))
    await lock.give_back(ours)
    assert not await lock.still_held(ours)
    theirs = held(await make().take(key, holder("01B", "bob")))
    assert theirs.fence > ours.fence
    await lock.give_back(ours)  # late, and of no effect
    assert await make().still_held(theirs)


async def test_the_same_operation_takes_it_again_and_moves_its_end(make: Make, key: str, clock: StandingClock) -> None:
    before = held(await make().take(key, holder("01A")))
    clock.go_on(HOUR / 2)
    after = held(await make().take(key, holder("01A", "alice", clock)))
    assert not await make().still_held(before)  # whoever adopted it goes on; the console before does not
    clock.go_on(HOUR)
    assert await make().still_held(after)
    taken(await make().take(key, holder("01B", "bob", clock)))


async def test_whoever_gave_it_back_may_take_it_anew(make: Make, key: str) -> None:
    lock = make()
    first = held(await lock.take(key, holder("01A")))
    await lock.give_back(first)
    second = held(await lock.take(key, holder("01A")))
    assert await lock.still_held(second)
    assert not await lock.still_held(first)


@pytest.mark.parametrize("takers", [2, 8])
async def test_of_many_at_once_one_has_it(make: Make, key: str, takers: int, clock: StandingClock) -> None:
    fence = 0
    for round_ in range(battery(3)):
        locks = [make() for _ in range(takers)]
        asked = [lock.take(key, holder(f"{round_}-{n}", since=clock)) for n, lock in enumerate(locks)]
        answers = await asyncio.gather(*asked)
        (winner,) = (answer for answer in answers if isinstance(answer, Held))
        losers = [answer for answer in answers if isinstance(answer, Taken)]
        assert {lost.by.op for lost in losers} == {winner.holder.op}
        assert await locks[0].still_held(winner)
        assert winner.fence > fence
        fence = winner.fence
        if round_ % 2:
            await locks[0].give_back(winner)
        else:
            clock.go_on(2 * HOUR)


@dataclass
class Model:
    """The lock as the docstring of its border has it."""

    op: str = ""
    until: datetime = NOON
    current: Held | None = None
    fence: int = 0

    def is_free_for(self, op: str, now: datetime) -> bool:
        return self.op in ("", op) or self.until < now


async def test_any_history_comes_to_what_the_contract_says(make: Make, key: str, clock: StandingClock) -> None:
    chance = random.Random(7)
    lock, model = make(), Model()
    everything: list[Held] = []
    for _ in range(battery(60)):
        match chance.randrange(4):
            case 0:
                clock.go_on(timedelta(minutes=chance.choice((1, 20, 61))))
            case 1 if everything:
                given = chance.choice(everything)
                await lock.give_back(given)
                if given is model.current:
                    model = Model(fence=model.fence)
            case _:
                everything += await _take(lock, key, model, holder(chance.choice("ABC"), since=clock))
        for each in everything[-4:]:
            is_ours = each is model.current and clock.now() <= model.until
            assert await lock.still_held(each) == is_ours
    assert len(everything) > 10


async def _take(lock: ClusterLock, key: str, model: Model, asks: Holder) -> list[Held]:
    is_free = model.is_free_for(asks.op, asks.since)
    answer = await lock.take(key, asks)
    if not is_free:
        assert taken(answer).by.op == model.op
        return []
    model.fence += 1
    assert held(answer).fence >= model.fence  # of a parameter also what was given back is a version
    model.op, model.until, model.current, model.fence = asks.op, asks.until, held(answer), held(answer).fence
    return [held(answer)]
