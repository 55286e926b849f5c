"""Pages of a list: all of it, once, and of one moment."""

from __future__ import annotations

import base64
import threading
from io import BytesIO
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.demo.emulator.describe import Describe
from console.demo.emulator.ledger import Done
from console.demo.emulator.lists import filters, members, moment, page
from console.demo.emulator.requests_form import Environ, Refused, Start
from console.demo.inventory import MACHINES
from console.demo.lifecycle import restart
from console.demo.model import Model
from tests.demo.emulator.cloudwatch_answering import NOW

BILLING = next(machine for machine in MACHINES if machine.id == "billing")


@given(st.integers(0, 400), st.integers(20, 100), st.floats(0, 4e9))
def test_pages_are_the_list_and_the_last_has_no_marker(length: int, size: int, t: float) -> None:
    found: list[int] = []
    said: dict[str, Any] = {"MaxRecords": str(size)}
    for n in range(-(-length // size) or 1):
        shown, more = page(range(length), said, t)
        found += shown
        assert len(shown) == min(size, length - n * size)
        said |= more
        assert not more or moment(said) == t
    assert more == {}
    assert found == list(range(length))


@given(st.one_of(st.text(min_size=1), st.binary(min_size=1).map(lambda raw: base64.b64encode(raw).decode())))
@example(base64.b64encode(b"20 nan").decode())
@example(base64.b64encode(b"20 inf").decode())
@example(base64.b64encode(b"-20 1.0").decode())
@example(base64.b64encode(b"20").decode())
def test_a_marker_that_was_not_given_is_refused(marker: str) -> None:
    with pytest.raises(Refused) as caught:
        page(range(50), {"Marker": marker}, NOW)
    assert caught.value.code == "InvalidParameterValue"


@pytest.mark.parametrize("count", ["", "many", "19", "101", "1e2", {}])
def test_a_size_that_is_none(count: object) -> None:
    with pytest.raises(Refused):
        page(range(50), {"MaxRecords": count}, NOW)


def test_lists_of_a_form() -> None:
    said = {"Filters": {"Filter": {"1": {"Name": "engine", "Values": {"Value": {"2": "b", "1": "a", "10": "c"}}}}}}
    assert filters(said) == {"engine": ["a", "b", "c"]}
    assert filters({}) == {}
    with pytest.raises(Refused):
        members({"Filter": {"first": "x"}}, "Filter")


def test_changes_wait_for_each_other_and_reads_for_nobody() -> None:
    described = Describe(Model(1, NOW), lambda: NOW)
    statuses: list[str] = []

    def beyond(environ: Environ, start: Start) -> list[bytes]:
        raise AssertionError(environ)

    def ask(form: str) -> None:
        scope = "Credential=A/20260311/eu-west-1/rds/aws4_request"
        environ = {
            "HTTP_AUTHORIZATION": scope,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(form)),
            "wsgi.input": BytesIO(form.encode()),
        }
        described.wrap(beyond)(environ, lambda status, _: statuses.append(status))

    with described._here.ledger.lock:
        change = threading.Thread(target=ask, args=["Action=RebootDBInstance&DBInstanceIdentifier=billing"])
        change.start()
        read = threading.Thread(target=ask, args=["Action=DescribeDBInstances"])
        read.start()
        read.join(10)
        change.join(0.3)
        assert (statuses, change.is_alive()) == (["200 OK"], True)
        described._here.ledger.enter(Done(NOW, BILLING, "RebootDBInstance", restart(BILLING, NOW)))
    change.join(10)
    assert statuses == ["200 OK", "400 Bad Request"]  # it looks when it is its turn: another was first
