"""What the tests of this directory share: one emulator of AWS, emptied for each."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator

import pytest

from tests.collectors.aws.asked import Moto, moto_server


@pytest.fixture(scope="session")
def running_moto() -> Iterator[Moto]:
    with moto_server() as moto:
        yield moto


@pytest.fixture
def moto(running_moto: Moto) -> Moto:
    reset = urllib.request.Request(f"{running_moto.endpoint}/moto-api/reset", method="POST")  # noqa: S310 - our own
    urllib.request.urlopen(reset).close()  # noqa: S310
    return running_moto
