"""Taken, refused or unknown: by what came back, and never the more hopeful of two."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import exceptions
from botocore.parsers import ResponseParserError

from console.actions.answer import accepted, failed
from console.actions.life import State

URL = "https://rds.eu-west-1.amazonaws.com"


def refused(code: str, status: int = 400) -> exceptions.ClientError:
    told: Any = {
        "Error": {"Code": code, "Message": "why"},
        "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": "r"},
    }
    return exceptions.ClientError(told, "CreateDBSnapshot")


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (refused("InvalidDBInstanceState"), State.REJECTED),
        (refused("AccessDenied", 403), State.REJECTED),
        (refused("Throttling"), State.REJECTED),
        (refused("DBSnapshotAlreadyExists"), State.UNKNOWN),
        (refused("InternalFailure", 500), State.UNKNOWN),
        (refused("ServiceUnavailable", 503), State.UNKNOWN),
        (refused(""), State.UNKNOWN),
        (exceptions.EndpointConnectionError(endpoint_url=URL), State.REJECTED),
        (exceptions.ConnectTimeoutError(endpoint_url=URL), State.REJECTED),
        (exceptions.ReadTimeoutError(endpoint_url=URL), State.UNKNOWN),
        (exceptions.ConnectionClosedError(endpoint_url=URL), State.UNKNOWN),
        (ResponseParserError("<html>"), State.UNKNOWN),
        (OSError("reset"), State.UNKNOWN),
    ],
)
def test_only_what_says_so_was_refused(error: BaseException, state: State) -> None:
    assert failed(error).state is state


def test_a_denial_is_known_as_one() -> None:
    assert failed(refused("AccessDenied", 403)).is_denied
    assert not failed(refused("InvalidDBInstanceState")).is_denied


def test_the_id_of_the_request_is_kept() -> None:
    assert accepted({"ResponseMetadata": {"RequestId": "abc"}}).request_id == "abc"
    assert failed(refused("Throttling")).request_id == "r"
