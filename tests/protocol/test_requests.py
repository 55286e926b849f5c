from __future__ import annotations

import asyncio

import pytest

from collectors.safe import Safe
from console.protocol.bodies import Command
from console.protocol.requests import KEPT, Access, Requests

ALL = {"see", "refresh", "note", "lead", "incident", "silence", "alert.ack", "act.plan", "act.confirm", "approve"}


class Deeds:
    def __init__(self) -> None:
        self.done: list[str] = []
        self.go = asyncio.Event()

    async def __call__(self, command: Command, access: Access, user: str) -> None:
        self.done.append(f"{command.name} {user}")
        if command.name == "lead":
            await self.go.wait()


def asks(name: str, number: int = 1) -> Command:
    return Command(id=Safe(str(number)), name=Safe(name))


@pytest.mark.parametrize(
    ("access", "may"), [(Access.CONTROL, ALL), (Access.VIEW, {"see", "note", "lead", "incident", "approve"})]
)
async def test_each_path_has_its_names(access: Access, may: set[str]) -> None:
    deeds = Deeds()
    deeds.go.set()
    requests = Requests(deeds)
    acks = {name: await requests.answer(asks(name, n), access, "anna") for n, name in enumerate((*sorted(ALL), "drop"))}
    assert {name for name, ack in acks.items() if ack.ok} == may
    assert {deed.split()[0] for deed in deeds.done} == may
    for name in set(acks) - may:
        error = acks[name].error
        assert error is not None
        assert error.what


async def test_the_same_request_is_done_once_even_while_it_is_under_way() -> None:
    deeds = Deeds()
    requests = Requests(deeds)
    both = [asyncio.create_task(requests.answer(asks("lead"), Access.VIEW, "anna")) for _ in range(2)]
    await asyncio.sleep(0)
    deeds.go.set()
    one, other = await asyncio.gather(*both)
    assert one == other == await requests.answer(asks("lead"), Access.VIEW, "anna")
    assert deeds.done == ["lead anna"]


async def test_the_same_id_of_another_person_is_another_request() -> None:
    requests = Requests(deeds := Deeds())
    for user in ("anna", "ben"):
        await requests.answer(asks("see"), Access.VIEW, user)
    assert deeds.done == ["see anna", "see ben"]


async def test_what_was_begun_is_finished_though_nobody_waits() -> None:
    requests = Requests(deeds := Deeds())
    waiting = asyncio.create_task(requests.answer(asks("lead"), Access.VIEW, "anna"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    deeds.go.set()
    assert (await requests.answer(asks("lead"), Access.VIEW, "anna")).ok
    assert deeds.done == ["lead anna"]


async def test_answers_are_remembered_for_a_while_and_not_for_ever() -> None:
    requests = Requests(deeds := Deeds())
    for number in range(KEPT + 1):
        await requests.answer(asks("see", number), Access.VIEW, "anna")
    await requests.answer(asks("see", KEPT), Access.VIEW, "anna")
    await requests.answer(asks("see", 1), Access.VIEW, "anna")
    assert len(deeds.done) == KEPT + 1
    await requests.answer(asks("see", 0), Access.VIEW, "anna")
    assert len(deeds.done) == KEPT + 2


async def test_what_is_under_way_is_not_forgotten_however_much_comes_after_it() -> None:
    requests = Requests(deeds := Deeds())
    slow = asyncio.create_task(requests.answer(asks("lead", 0), Access.VIEW, "anna"))
    await asyncio.sleep(0)
    for number in range(1, KEPT + 9):
        await requests.answer(asks("see", number), Access.VIEW, "anna")
    again = asyncio.create_task(requests.answer(asks("lead", 0), Access.VIEW, "anna"))
    await asyncio.sleep(0)
    deeds.go.set()
    assert await slow == await again
    assert deeds.done.count("lead anna") == 1
