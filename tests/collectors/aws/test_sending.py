"""What leaves is counted, what comes back is bounded: tried with a server that counts for itself."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from botocore.utils import parse_timestamp
from hypothesis import given
from hypothesis import strategies as st

from collectors.aws.meter import Meter
from collectors.aws.place import Account, Place
from collectors.aws.prices import Spent
from collectors.aws.sending import MOST_BYTES, moment
from collectors.aws.sessions import Sessions
from collectors.errors import CannotCollect, Throttled
from collectors.job import Job, running
from tests.collectors.aws.answering import (
    KEYS,
    Answer,
    CutShort,
    Dropped,
    Refusal,
    Server,
    near,
    reading,
)

NO_METRICS = Answer(b'{"MetricDataResults": []}', kind="application/x-amz-json-1.0")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
WINDOW: dict[str, Any] = {"StartTime": NOON - timedelta(minutes=5), "EndTime": NOON}


@pytest.fixture
def reads() -> Iterator[tuple[Sessions, Meter]]:
    with reading() as made:
        yield made


def queries(count: int) -> list[dict[str, Any]]:
    stat = {"Metric": {"Namespace": "AWS/RDS", "MetricName": "CPUUtilization"}, "Period": 60, "Stat": "Average"}
    return [{"Id": f"q{n}", "MetricStat": stat} for n in range(count)]


class Endless(Answer):
    """As much as anybody takes, and what was taken."""

    def __init__(self, size: int, announced: bool = True) -> None:
        super().__init__()
        self.size, self.announced, self.taken = size, announced, 0
        self.ended = threading.Event()

    def write(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/xml")
        if self.announced:
            handler.send_header("Content-Length", str(self.size))
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        part = b"<a></a>\n" * 8192
        try:
            while self.taken < self.size:
                self.taken += handler.wfile.write(part)
        finally:
            self.ended.set()


# --- counted


async def test_each_attempt_is_counted_with_its_metrics(server: Server, reads: tuple[Sessions, Meter]) -> None:
    sessions, meter = reads
    server.usual = lambda _: NO_METRICS
    reader = sessions.reader(near(server))
    running.set(Job("cloudwatch", "eu-west-1.near"))
    slower = Answer(b'{"__type": "ThrottlingException", "message": "Rate exceeded"}', 400, NO_METRICS.kind)
    for script in ([], [Dropped()], [CutShort()], [Answer(b"{}", 500)], [slower]):
        server.script = list(script)
        await reader.call("cloudwatch", "GetMetricData", MetricDataQueries=queries(7), **WINDOW)
    assert len(server.came) == 5 + 4
    told = sum(len(json.loads(came.body)["MetricDataQueries"]) for came in server.came)
    assert meter.spent() == meter.of("cloudwatch", "eu-west-1.near") == Spent(9, told, told / 100_000)
    assert told == 63


async def test_what_fails_for_good_is_counted_as_often_as_it_was_sent(
    server: Server, reads: tuple[Sessions, Meter]
) -> None:
    sessions, meter = reads
    server.usual = lambda _: Refusal("Throttling")
    with pytest.raises(Throttled):
        await sessions.reader(near(server)).call("rds", "DescribeDBInstances")
    assert meter.spent() == Spent(requests=len(server.came)) == Spent(requests=2)


async def test_an_expression_is_no_metric_that_is_paid_for(server: Server, reads: tuple[Sessions, Meter]) -> None:
    sessions, meter = reads
    server.usual = lambda _: NO_METRICS
    asked = [*queries(2), {"Id": "e", "Expression": "q0 / q1"}]
    await sessions.reader(near(server)).call("cloudwatch", "GetMetricData", MetricDataQueries=asked, **WINDOW)
    assert meter.spent().metrics == 2


async def test_each_page_is_counted(server: Server, reads: tuple[Sessions, Meter]) -> None:
    sessions, meter = reads
    tables = [{"TableNames": ["carts"], "LastEvaluatedTableName": "carts"}, {"TableNames": ["users"]}]
    server.script = [Answer(json.dumps(page).encode(), kind="application/x-amz-json-1.0") for page in tables]
    found = [page["TableNames"] async for page in sessions.reader(near(server)).pages("dynamodb", "ListTables")]
    assert found == [["carts"], ["users"]]
    assert meter.spent().requests == len(server.came) == 2


async def test_many_at_once_are_counted_each(server: Server, reads: tuple[Sessions, Meter]) -> None:
    sessions, meter = reads
    server.usual = lambda _: NO_METRICS
    reader = sessions.reader(near(server))

    async def ask(count: int) -> None:
        running.set(Job("cloudwatch", f"of {count}"))
        await reader.call("cloudwatch", "GetMetricData", MetricDataQueries=queries(count), **WINDOW)

    await asyncio.gather(*(ask(count) for count in range(1, 31)))
    assert meter.spent() == Spent(30, 465, 0.00465)
    assert all(meter.of("cloudwatch", f"of {count}").metrics == count for count in range(1, 31))


# --- answered


async def test_who_asks_is_told_to_aws_and_the_answer_is_bare(server: Server) -> None:
    with reading(agent="dbconsole/7.8") as (sessions, _):
        answer = await sessions.reader(near(server)).call("rds", "DescribeDBInstances")
    assert answer == {"DBInstances": []}
    assert "dbconsole/7.8" in server.came[0].headers["user-agent"]


async def test_times_are_of_utc_whatever_the_machine_thinks(server: Server, reads: tuple[Sessions, Meter]) -> None:
    result = {"Id": "q0", "Timestamps": [NOON.timestamp()], "Values": [1.5], "StatusCode": "Complete"}
    server.script = [Answer(json.dumps({"MetricDataResults": [result]}).encode(), kind=NO_METRICS.kind)]
    reader = reads[0].reader(near(server))
    answer = await reader.call("cloudwatch", "GetMetricData", MetricDataQueries=queries(1), **WINDOW)
    (when,) = answer["MetricDataResults"][0]["Timestamps"]
    assert when == NOON
    assert when.tzinfo is UTC


async def test_clients_are_made_once_and_connections_are_kept(server: Server, reads: tuple[Sessions, Meter]) -> None:
    sessions, _ = reads
    place = near(server)
    for _ in range(5):
        await sessions.reader(place).call("rds", "DescribeDBInstances")
    assert sessions.client(place, "rds") is sessions.client(near(server), "rds")
    assert server.connections == 1


async def test_an_answer_that_is_too_large_is_left_where_it_is(server: Server, reads: tuple[Sessions, Meter]) -> None:
    sessions, _ = reads
    for announced in (True, False):
        answer = Endless(4 * MOST_BYTES, announced)
        server.script = [answer]
        with pytest.raises(CannotCollect, match="was answered with more than 32 MiB"):
            await sessions.reader(near(server)).call("rds", "DescribeDBInstances")
        assert answer.ended.wait(5)
        assert answer.taken < MOST_BYTES + (16 << 20)  # what lies in the sockets' buffers
    assert await sessions.reader(near(server)).call("rds", "DescribeDBInstances") == {"DBInstances": []}


async def test_an_answer_with_an_error_is_bounded_too(server: Server, reads: tuple[Sessions, Meter]) -> None:
    sessions, _ = reads
    server.usual = lambda _: Answer(b"x" * (MOST_BYTES + 1), 500)
    with pytest.raises(CannotCollect, match="more than 32 MiB"):
        await sessions.reader(near(server)).call("rds", "DescribeDBInstances")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Dropped(), "was not answered"),
        (CutShort(), "was not answered"),
        (Answer(b"<!doctype html><p>Internal Server Error", 500, "text/html"), "what is no answer|error of its own"),
        (Answer(b"\x00\xff not XML"), "what is no answer"),
        (Refusal("InternalFailure", 503), "AWS has an error of its own"),
    ],
)
async def test_what_goes_wrong_on_the_way_is_said(
    server: Server, reads: tuple[Sessions, Meter], answer: Answer, says: str
) -> None:
    sessions, _ = reads
    server.usual = lambda _: answer
    with pytest.raises(CannotCollect, match=says) as told:
        await sessions.reader(near(server)).call("rds", "DescribeDBInstances")
    assert told.value.__cause__ is None  # nothing of botocore's gets out


async def test_nobody_at_home_is_said(reads: tuple[Sessions, Meter]) -> None:
    sessions, _ = reads
    place = Place(Account("gone", endpoint="http://127.0.0.1:1", keys=KEYS), "eu-west-1")
    with pytest.raises(CannotCollect, match=r"rds:DescribeDBInstances in eu-west-1\.gone was not answered"):
        await sessions.reader(place).call("rds", "DescribeDBInstances")


async def test_an_emulator_is_not_looked_for_behind_a_proxy(
    server: Server, reads: tuple[Sessions, Meter], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert await reads[0].reader(near(server)).call("rds", "DescribeDBInstances") == {"DBInstances": []}


async def test_what_waits_can_be_given_up(server: Server, reads: tuple[Sessions, Meter]) -> None:
    sessions, _ = reads
    asked, go = threading.Event(), threading.Event()

    def hang(_: object) -> Answer:
        asked.set()
        go.wait()
        return Answer()

    server.usual = hang
    call = asyncio.create_task(sessions.reader(near(server)).call("rds", "DescribeDBInstances"))
    await asyncio.to_thread(asked.wait)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert not go.is_set()
    go.set()


# --- times


@given(st.datetimes(timezones=st.just(UTC) | st.just(timezone(timedelta(hours=2)))))
def test_a_moment_is_what_botocore_takes_it_for(when: datetime) -> None:
    for text in (when.isoformat(), when.astimezone(UTC).isoformat().replace("+00:00", "Z")):
        assert moment(text) == parse_timestamp(text)
        assert moment(text).tzinfo is not None


@given(st.floats(0, 4e9) | st.integers(0, 4_000_000_000))
def test_a_number_is_seconds(seconds: float) -> None:
    assert abs((moment(seconds) - parse_timestamp(seconds)).total_seconds()) < 0.00001


@pytest.mark.parametrize("text", ["Sat, 21 Nov 2026 12:00:00 GMT", "1795262400", "20261121T120000Z"])
def test_a_moment_that_is_written_in_another_way_is_read_too(text: str) -> None:
    assert moment(text) == NOON
