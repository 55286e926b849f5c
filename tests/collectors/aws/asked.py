"""AWS for tests: moto's server in this process, and a reader that has its answers by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

from collectors.aws.place import Account, Place
from collectors.aws.reader import Reader
from collectors.collector import Collector
from collectors.errors import CannotCollect
from collectors.readings import Described, Gone, Reading

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
HOME = Place(Account("shop"), "eu-west-1")
ABROAD = Place(Account("shop"), "us-east-1")
NUMBER = "111122223333"

Answer = Mapping[str, Any] | Exception
Answers = dict[tuple[str, str], Any]  # (service, operation) -> pages, an error among them or instead, or a function


class ByHand(Reader):
    """Answers with what it is given, page by page, and keeps what it was asked; what it is not given is empty."""

    def __init__(self, answers: Answers, place: Place = HOME) -> None:
        self.place = place
        self.answers = answers
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    async def call(self, service: str, operation: str, /, **parameters: Any) -> Mapping[str, Any]:
        async for page in self.pages(service, operation, **parameters):
            return page
        return {}

    async def pages(self, service: str, operation: str, /, **parameters: Any) -> AsyncIterator[Mapping[str, Any]]:
        self.asked.append((service, operation, parameters))
        pages = self.answers.get((service, operation), [])
        for page in pages(**parameters) if callable(pages) else pages if isinstance(pages, list) else [pages]:
            await asyncio.sleep(0)
            if isinstance(page, Exception):
                raise page
            yield page

    def operations(self) -> list[str]:
        return [operation for _, operation, _ in self.asked]


class Moto:
    """moto's server in this process, and clients of it. Its keys are no keys."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def client(self, service: str, region: str = HOME.region) -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",  # noqa: S106 - no secret
        )

    def place(self, region: str = HOME.region, account: str = "shop") -> Place:
        return Place(Account(account, endpoint=self.endpoint, keys=("testing", "testing")), region)


@contextmanager
def moto_server() -> Iterator[Moto]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield Moto(f"http://{host}:{port}")
    finally:
        server.stop()


async def one_pass(collector: Collector[Place], place: Place = HOME) -> list[Reading]:
    return [reading async for reading in collector.collect(place)]


async def a_failing_pass(collector: Collector[Place], place: Place = HOME) -> tuple[list[Reading], CannotCollect]:
    """What it yielded, and then raised."""
    readings: list[Reading] = []
    try:
        async for reading in collector.collect(place):
            readings.append(reading)  # noqa: PERF401 - those before the error count
    except CannotCollect as trouble:
        return readings, trouble
    raise AssertionError("nothing was in the way")


def described(readings: list[Reading]) -> dict[str, Described]:
    return {reading.about: reading for reading in readings if isinstance(reading, Described)}


def gone(readings: list[Reading]) -> list[str]:
    return [reading.about for reading in readings if isinstance(reading, Gone)]


def facts(of: Described) -> dict[str, str]:
    return {str(name): str(value) for name, value in of.facts}
