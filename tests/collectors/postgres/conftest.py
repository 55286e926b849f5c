"""Servers are started once for a file; who looks at them is new in each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.collectors.postgres.looking import Looks
from tests.rig.postgres import PLAIN, Family, family


@pytest.fixture(scope="module")
def running() -> Iterator[Family]:
    with family() as found:
        yield found


@pytest.fixture
def pg(running: Family) -> Iterator[Family]:
    """The line is whole, and all is applied, before and after."""
    yield running
    running.line.mend()


@pytest.fixture
async def looks(pg: Family) -> AsyncIterator[Looks]:
    found = Looks(pg.primary, pg.replica, pg.cascade)
    yield found
    await found.close()


@pytest.fixture
async def plain_looks(pg: Family) -> AsyncIterator[Looks]:
    """By a login without pg_monitor."""
    found = Looks(pg.primary, pg.replica, user=PLAIN)
    yield found
    await found.close()
