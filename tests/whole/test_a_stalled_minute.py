"""A terminal that is not read for a while: engine and other clients notice nothing, and it returns to the present.

A while is a minute where the battery is a larger one.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from console import __version__
from console.protocol.bodies import Tick
from console.protocol.client import Client
from console.protocol.codec import read
from console.protocol.mirror import Mirror
from console.protocol.sockets import connect
from tests.rig.battery import battery
from tests.rig.terminal import Terminal, wait_until
from tests.whole.overheard import Overheard
from tests.whole.running import demo, listening, resident_kib, worked_ticks

SPEED = 30
STALLED_S = battery(20, most=60)
PARTS = 4  # of that time, in each of which there are signs of life
GROWTH_KIB = 20 * 1024
RETURN_S = 2.0
LATE_S = 3.0  # of real time: how much older than the engine's last words a header may be
MINUTE_MS = 60_000


async def test_a_screen_that_is_not_read_for_a_while_misses_nothing_and_holds_nothing(folder: Path) -> None:
    with demo(folder, "--speed", str(SPEED)) as terminal:
        link = Overheard(await connect(listening(folder)))
        async with Client(link, "view", __version__) as beside:
            terminal.wait_for(re.compile(r"orders-primary .*%"))
            await has_history(beside.mirror)
            whole = size_of_a_repaint(terminal)
            pids = {role: terminal.pid(role) for role in ("engine", "screen")}
            before = {role: resident_kib(pid) for role, pid in pids.items()}
            began = beside.mirror.now_ms(time.monotonic())
            assert began is not None

            fill(terminal)
            await live_through_it(terminal, pids, beside.mirror)

            after = {role: resident_kib(pid) for role, pid in pids.items()}
            assert all(after[role] - before[role] < GROWTH_KIB for role in pids), (before, after)
            no_tick_is_missing(link)
            await no_reading_is_missing(beside.mirror, began)

            mark, returned = len(terminal.output), time.monotonic()
            terminal.go_on()
            await asyncio.to_thread(wait_until, lambda: shows_the_present(terminal, beside.mirror), "now", RETURN_S)
            assert time.monotonic() - returned < RETURN_S
            assert len(terminal.output) - mark < 3 * whole + room_of_a_terminal()  # the present, and what changed since
        terminal.press("q")
        assert terminal.status() == 0


async def live_through_it(terminal: Terminal, pids: dict[str, int], mirror: Mirror) -> None:
    """That time itself: the screen stands still, its process and the engine's do not."""
    shown = terminal.text()
    for _ in range(PARTS):
        worked = {role: worked_ticks(pid) for role, pid in pids.items()}
        said = mirror.now_ms(time.monotonic())
        await asyncio.sleep(STALLED_S / PARTS)
        assert terminal.is_full()
        for role, pid in pids.items():
            assert worked_ticks(pid) > worked[role], f"the {role} stands still"
        assert (mirror.age(time.monotonic()) or 0) < LATE_S, f"the engine has been silent since {said}"
    assert terminal.text() == shown


def fill(terminal: Terminal) -> None:
    """Read no more, and let the screen write until nothing more goes in: a thrifty one has to be asked for it."""
    terminal.stall()

    def full() -> bool:
        terminal.press("ctrl+l")
        return terminal.stays_full()

    wait_until(full, "the terminal to be full", 20)


def size_of_a_repaint(terminal: Terminal) -> int:
    mark = len(terminal.output)
    terminal.press("ctrl+l")
    output = terminal.wait_for_output(rb"\x1b\[\?2026h[^\0]{4000,}?\x1b\[\?2026l", after=mark)
    return len(output) - mark


def room_of_a_terminal() -> int:
    """How many bytes a pseudo-terminal takes that nobody reads."""
    master, slave = os.openpty()
    os.set_blocking(slave, False)
    room = 0
    try:
        while True:
            room += os.write(slave, b"x" * 1024)
    except BlockingIOError:
        return room
    finally:
        os.close(slave)
        os.close(master)


def shows_the_present(terminal: Terminal, mirror: Mirror) -> bool:
    """Whether the header's clock is that of the engine's other client."""
    clock = re.search(r"(\d\d:\d\d:\d\d)Z", terminal.text())
    now = mirror.now_ms(time.monotonic())
    if clock is None or now is None:
        return False
    said = datetime.strptime(clock[1], "%H:%M:%S").replace(tzinfo=UTC)
    at = datetime.fromtimestamp(now / 1000, UTC)
    apart = ((at - said).total_seconds() + 43_200) % 86_400 - 43_200  # the header says no date
    return abs(apart) < LATE_S * SPEED


def no_tick_is_missing(link: Overheard) -> None:
    """Each names the one before."""
    ticks = [(message.seq, read(Tick, message).prev) for message in link.received if message.kind == "tick"]
    assert len(ticks) > STALLED_S / 2
    assert [prev for _, prev in ticks[1:]] == [seq for seq, _ in ticks[:-1]]


async def has_history(mirror: Mirror) -> None:
    """Until the chart is as large as it will be."""
    async with asyncio.timeout(20):
        while len(mirror.hist.get("orders-primary", {}).get("cloudwatch.CPUUtilization", ())) < 100:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def no_reading_is_missing(mirror: Mirror, began: int) -> None:
    """A metric is read once a minute of the engine's time, and each of these is there, with a value of its own."""
    series = mirror.hist["orders-primary"]["cloudwatch.CPUUtilization"]

    def has_no_hole() -> bool:
        times = series.columns(began)[0]
        return all(later - earlier == MINUTE_MS for earlier, later in pairwise(times))

    # where two come at once a tick tells the second, and the history that tells both is told some seconds after
    await asyncio.to_thread(wait_until, has_no_hole, "a series without a hole", 15)
    times, values = series.columns(began)
    late = 6  # minutes: a point comes up to two after its end, and is then asked for within one
    assert len(times) > STALLED_S * SPEED / 60 - late
    assert len({value for value in values if value is not None}) > len(times) / 2
