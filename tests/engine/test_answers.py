"""Requests that reach the collectors: ask now, ask no more."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from collectors.clock import SteppedClock
from collectors.errors import Trouble
from collectors.job import Job
from collectors.schedule.schedule import Schedule
from console.engine.answers import Answers
from console.protocol.bodies import Ack, Command
from console.protocol.requests import Access, Requests
from tests.collectors.schedule.acting import START, Scripted


class Desk:
    """A schedule that is asked over the protocol."""

    def __init__(self) -> None:
        self.clock = SteppedClock(START)
        self.collector = Scripted(clock=self.clock)
        self.schedule = Schedule(self.clock, lambda _: None)
        for target in ("orders", "billing"):
            self.schedule.add(self.collector, target)
        self._requests = Requests(Answers(lambda ids: None, self.schedule))
        self._asked = 0

    async def ask(self, request: str, access: Access = Access.CONTROL, **args: Any) -> Ack:
        self._asked += 1
        return await self._requests.answer(Command(id=str(self._asked), name=request, args=args), access, "somebody")


@pytest.mark.parametrize(("args", "targets"), [({}, {"orders", "billing"}), ({"ids": ["orders", "gone"]}, {"orders"})])
async def test_a_refresh_asks_now_for_all_or_for_what_was_named(args: dict[str, Any], targets: set[str]) -> None:
    desk = Desk()
    run = asyncio.create_task(desk.schedule.run())
    await desk.schedule.first_passes()
    before = len(desk.collector.passes)
    assert (await desk.ask("refresh", **args)).ok
    for _ in range(50):
        await asyncio.sleep(0)
        if len(desk.collector.passes) >= before + len(targets):
            break
    assert {target for target, at in desk.collector.passes[before:] if at == START} == targets
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)


async def test_one_or_all_are_paused_by_who_has_control_and_by_nobody_else() -> None:
    desk = Desk()
    one: dict[str, Any] = {"name": "scripted", "target": "orders", "paused": True}
    refused = await desk.ask("pause", Access.VIEW, **one)
    assert not refused.ok
    assert not desk.schedule.of("orders")["scripted"].paused
    assert (await desk.ask("pause", **one)).ok
    assert [job for job, health in desk.schedule.health.items() if health.paused] == [Job("scripted", "orders")]
    assert (await desk.ask("pause", all=True, paused=True)).ok
    assert desk.schedule.paused_all
    assert (await desk.ask("pause", all=True, paused=False)).ok
    assert not desk.schedule.paused_all


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("pause", {}),
        ("pause", {"all": True, "paused": "yes"}),
        ("pause", {"all": False, "paused": True}),
        ("pause", {"name": "scripted", "target": "nowhere", "paused": True}),
        ("refresh", {"ids": "orders"}),
        ("refresh", {"ids": ["orders"] * 501}),
    ],
)
async def test_what_makes_no_sense_is_refused_in_words(name: str, args: dict[str, Any]) -> None:
    desk = Desk()
    ack = await desk.ask(name, **args)
    assert ack.error is not None
    assert ack.error.what
    assert not desk.schedule.paused_all


@pytest.mark.parametrize("access", [Access.VIEW, Access.UNPROVED])
async def test_of_what_acts_only_an_approval_comes_to_the_desk_from_who_has_no_control(access: Access) -> None:
    """Called past the requests, which would not let the others so far."""
    desk, came = Desk(), list[str]()

    async def act(command: Command) -> None:
        came.append(command.name)

    answers = Answers(lambda ids: None, desk.schedule, act=act)
    names = sorted(name for name in Access.CONTROL.value if name.startswith(("act.", "approve", "audit")))
    for name in names:
        command = Command(id=name, name=name, args={})
        if name == "approve":
            await answers(command, access, "somebody")
        else:
            with pytest.raises(Trouble, match="A viewer may not send"):
                await answers(command, access, "somebody")
    assert came == ["approve"]
