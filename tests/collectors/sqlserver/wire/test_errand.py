"""A thread that nobody waits for any more leaves the place as it should be found."""

from __future__ import annotations

import threading

import pytest

from collectors.sqlserver.wire.connection import Connection
from collectors.sqlserver.wire.errand import Errands
from collectors.sqlserver.wire.places import Places
from collectors.threads import Threads
from tests.collectors.sqlserver.wire.asking import until


class Raw:
    """What a driver gives, as far as it is closed here."""

    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


async def test_a_connection_that_is_made_too_late_is_closed_and_its_place_free() -> None:
    """A stop that was sent meanwhile might else meet the next statement."""
    places, raw, go = Places(1), Raw(), threading.Event()
    errands = Errands("db", Threads(2), places)

    async with places.one(1, "db") as place:

        def connect() -> None:
            assert go.wait(20)
            place.connection = Connection(raw, "")

        with pytest.raises(TimeoutError):
            await errands.run(place, connect, 0.05)
    assert (places.open, places.hanging) == (1, 1)
    go.set()
    await until(lambda: places.hanging == 0)
    assert (places.open, raw.closed) == (0, 1)
    async with places.one(1, "db") as again:
        assert again is place


async def test_one_that_comes_back_in_time_keeps_its_connection() -> None:
    places, raw = Places(1), Raw()
    errands = Errands("db", Threads(2), places)
    async with places.one(1, "db") as place:
        place.connection = Connection(raw, "")
        assert await errands.run(place, lambda: 42, 5) == 42
    assert (places.open, places.hanging, raw.closed) == (1, 0, 0)
