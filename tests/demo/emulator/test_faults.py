"""What a client meets where a scenario says that something goes wrong."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, HTTPClientError, ReadTimeoutError
from hypothesis import given
from hypothesis import strategies as st

from console.demo.emulator.faults import names
from tests.demo.emulator.cloudwatch_answering import BEYOND, MINUTE_NOW, Answering, Fault, answering, named, query

CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {  # by service: an operation, its arguments
    "cloudwatch": ("describe_alarms", "DescribeAlarms", {}),
    "rds": ("describe_db_instances", "DescribeDBInstances", {}),
    "elasticache": ("describe_cache_clusters", "DescribeCacheClusters", {}),
    "dynamodb": ("describe_table", "DescribeTable", {"TableName": "carts"}),
    "resourcegroupstaggingapi": ("get_resources", "GetResources", {}),
}


@pytest.fixture(scope="module")
def served() -> Iterator[Answering]:
    with answering() as world:
        yield world


@pytest.fixture
def world(served: Answering) -> Iterator[Answering]:
    served.faults = []
    yield served
    served.faults = []


def call(world: Answering, service: str, *, patience: float = 5, **more: Any) -> Any:
    operation, _, arguments = CALLS[service]
    client = world.client(service, patience=patience)
    return getattr(client, operation)(**arguments, **more)


def code(world: Answering, service: str, **more: Any) -> str:
    """Of the error that the call ends in; empty where it is answered, or gets through to what is behind."""
    try:
        call(world, service, **more)
    except ClientError as e:
        found = str(e.response["Error"]["Code"])
        return "" if found == BEYOND else found
    return ""


def metrics(world: Answering, *who: str) -> list[dict[str, Any]]:
    client = world.client()
    queries = [query("CPUUtilization", name, id_=f"q{n}") for n, name in enumerate(who)]
    start, end = (datetime.fromtimestamp(MINUTE_NOW - ago, UTC) for ago in (600, 0))
    found = client.get_metric_data(MetricDataQueries=queries, StartTime=start, EndTime=end)
    results: list[dict[str, Any]] = found["MetricDataResults"]
    return results


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("throttle", "Throttling", "ThrottlingException"),
        ("expired-token", "ExpiredToken", "ExpiredTokenException"),
        ("access-denied", "AccessDenied", "AccessDeniedException"),
    ],
)
@pytest.mark.parametrize("service", CALLS)
def test_a_refusal_comes_in_the_services_own_form(
    world: Answering, service: str, kind: str, old: str, new: str
) -> None:
    assert code(world, service) == ""
    world.faults = [Fault(kind)]
    of_json = service in ("dynamodb", "resourcegroupstaggingapi")
    with pytest.raises(ClientError) as caught:
        call(world, service)
    answer = caught.value.response
    assert answer["Error"]["Code"] == (new if of_json else old)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == (400 if of_json or kind == "throttle" else 403)


def test_who_is_denied_is_told_what(world: Answering) -> None:
    world.faults = [Fault("access-denied")]
    said = {}
    for service in CALLS:
        with pytest.raises(ClientError) as caught:
            call(world, service)
        said[service] = caught.value.response["Error"]["Message"]
    assert "is not authorized to perform: rds:DescribeDBInstances on resource: arn:aws:rds:eu-west-1:" in said["rds"]
    assert all(text.startswith("User: arn:aws:sts::111122223333:assumed-role/") for text in said.values())
    assert "perform: tag:GetResources because" in said["resourcegroupstaggingapi"]
    assert "perform: cloudwatch:DescribeAlarms because" in said["cloudwatch"]


def test_what_is_refused_is_reset(world: Answering) -> None:
    world.faults = [Fault("refuse")]
    with pytest.raises(ConnectionClosedError):
        call(world, "cloudwatch")
    with raw(world) as connection, pytest.raises(ConnectionResetError):
        connection.recv(1)


def until_reset(connection: socket.socket) -> bytes:
    got = b""
    while True:
        try:
            part = connection.recv(65_536)
        except ConnectionResetError:
            return got
        assert part, "it was closed, not reset"
        got += part


def raw(world: Answering) -> socket.socket:
    """A connection that has asked for the alarms."""
    body = b"Action=DescribeAlarms&Version=2010-08-01"
    scope = "AWS4-HMAC-SHA256 Credential=A/20261121/eu-west-1/monitoring/aws4_request, Signature=0"
    head = f"POST / HTTP/1.1\r\nHost: x\r\nAuthorization: {scope}\r\nContent-Length: {len(body)}\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    connection = socket.create_connection(("127.0.0.1", world.port), timeout=10)
    connection.sendall(head.encode() + body)
    return connection


def test_what_is_dropped_breaks_off_in_the_midst(world: Answering) -> None:
    world.faults = [Fault("drop")]
    with pytest.raises((HTTPClientError, ConnectionClosedError)):
        call(world, "cloudwatch")
    with raw(world) as connection:
        got = until_reset(connection)
    length = int(got.split(b"Content-Length: ")[1].split(b"\r\n")[0])
    assert 0 < len(got.split(b"\r\n\r\n", 1)[1]) == length // 2


def test_what_hangs_is_not_answered(world: Answering) -> None:
    world.faults = [Fault("hang")]
    with pytest.raises(ReadTimeoutError):
        call(world, "cloudwatch", patience=0.7)


def test_what_hangs_is_answered_when_it_clears(world: Answering) -> None:
    world.faults = [Fault("hang")]
    found: list[Any] = []
    waiting = threading.Thread(target=lambda: found.append(call(world, "cloudwatch", patience=30)))
    before = world.log()["requests"]
    waiting.start()
    while world.log()["requests"] == before:  # until it hangs
        time.sleep(0.01)
    assert not found
    world.faults = []
    waiting.join(10)
    assert found[0]["MetricAlarms"]


def test_a_client_that_leaves_is_not_waited_for(world: Answering) -> None:
    world.faults = [Fault("hang")]
    there, before = set(threading.enumerate()), world.log()["requests"]
    with raw(world), raw(world):
        while world.log()["requests"] < before + 2:  # until both hang
            time.sleep(0.01)
        hanging = set(threading.enumerate()) - there
        assert len(hanging) >= 2
    deadline = time.monotonic() + 10
    while hanging & set(threading.enumerate()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not hanging & set(threading.enumerate())


@pytest.mark.parametrize(
    ("collector", "struck"),
    [
        ("inventory", {"rds", "elasticache", "dynamodb", "resourcegroupstaggingapi"}),
        ("alarms", {"cloudwatch"}),
        ("x", set()),
    ],
)
def test_a_collectors_fault_strikes_what_it_asks(world: Answering, collector: str, struck: set[str]) -> None:
    world.faults = [Fault("throttle", collector)]
    assert {service for service in CALLS if code(world, service)} == struck
    assert metrics(world, "billing")[0]["Values"]


@pytest.mark.parametrize("collector", ["cloudwatch", "cloudwatch-history"])
def test_metrics_are_asked_by_either_of_two_collectors(world: Answering, collector: str) -> None:
    world.faults = [Fault("throttle", collector)]
    with pytest.raises(ClientError):
        metrics(world, "billing")
    assert {service for service in CALLS if code(world, service)} == set()


def test_events_are_a_collector_of_their_own(world: Answering) -> None:
    world.faults = [Fault("throttle", "events")]
    client = world.client("rds")
    with pytest.raises(ClientError) as caught:
        client.describe_events()
    assert caught.value.response["Error"]["Code"] == "Throttling"
    assert code(world, "rds") == ""


def test_who_one_is_can_always_be_asked(world: Answering) -> None:
    world.faults = [Fault("throttle")]
    client = world.client("sts")
    with pytest.raises(ClientError) as caught:
        client.get_caller_identity()
    assert caught.value.response["Error"]["Code"] == BEYOND


def test_a_fault_of_one_resource_leaves_the_others(world: Answering) -> None:
    world.faults = [Fault("access-denied", resource=named("billing"))]
    assert [(r["StatusCode"], bool(r["Values"])) for r in metrics(world, "customers", "billing")] == [
        ("Complete", True),
        ("Forbidden", False),
    ]
    world.faults = [Fault("throttle", "cloudwatch", named("billing"))]
    assert [r["StatusCode"] for r in metrics(world, "customers", "billing")] == ["Complete", "InternalError"]
    world.faults = [Fault("throttle", "inventory", named("carts"))]
    assert [r["StatusCode"] for r in metrics(world, "customers", "billing")] == ["Complete", "Complete"]
    assert {service for service in CALLS if code(world, service)} == {"dynamodb"}  # it names the table


@given(st.text("abc-1", min_size=1, max_size=6), st.text("abc-1", max_size=3), st.text("abc-1", max_size=3))
def test_a_name_is_a_whole_word(name: str, before: str, after: str) -> None:
    assert names(f'{{"Id": "{before}{name}{after}"}}'.encode(), name) == (not before and not after)
