"""Shared by the tests here: an emulator of AWS, emptied for each, and the product's own way to ask it."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator

import pytest

from collectors.aws.meter import Meter
from collectors.aws.place import Place
from collectors.aws.prices import Prices
from collectors.aws.reader import Reader
from collectors.aws.sessions import Sessions
from collectors.threads import Threads
from tests.collectors.aws.asked import NOW, Moto, moto_server


@pytest.fixture(scope="session")
def running_moto() -> Iterator[Moto]:
    with moto_server() as moto:
        yield moto


@pytest.fixture
def moto(running_moto: Moto) -> Moto:
    reset = urllib.request.Request(f"{running_moto.endpoint}/moto-api/reset", method="POST")  # noqa: S310 - our own
    urllib.request.urlopen(reset).close()  # noqa: S310
    return running_moto


@pytest.fixture(scope="session")
def readers() -> Iterator[Callable[[Place], Reader]]:
    sessions = Sessions(Threads(4), Meter(Prices(), lambda: NOW))
    yield sessions.reader
    sessions.close()
