"""Whatever is asked is answered or refused in AWS's words: nothing that is sent breaks the emulator."""

from __future__ import annotations

import urllib.parse
from io import BytesIO
from typing import Any

import botocore.session
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.demo.emulator.describe import OPERATIONS, Describe
from console.demo.emulator.requests_form import Environ, Start
from console.demo.model import Model
from tests.demo.emulator.cloudwatch_answering import NOW

TEXTS = st.sampled_from(
    (
        *("", "billing", "nobody", "-1", "0", "20", "1e9", "9" * 20, "nan", "true", "\0", "é", ":::"),
        *("2026-03-11T12:00:00Z", "2026-03-11", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        "arn:aws:rds:eu-west-1:111122223333:db:billing",
    )
)
PATHS = st.sampled_from(
    ["", "", "", ".1", ".a.b", ".member.1", ".Filter.1.Name", ".Filter.x.Name", ".Filter.1.Values.1"]
)
VALUES = st.recursive(
    st.one_of(
        TEXTS,
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["Key", "Values"]), inner)),
    max_leaves=4,
)
EVERY = [(service, operation) for service, operations in OPERATIONS.items() for operation in operations]
DESCRIBED = Describe(Model(1, NOW), lambda: NOW)
MODELS = botocore.session.get_session()


def beyond(environ: Environ, start: Start) -> list[bytes]:
    raise AssertionError(environ)


def status(service: str, body: bytes, more: Environ) -> str:
    signed = {"resourcegroupstaggingapi": "tagging"}.get(service, service)
    scope = f"Credential=A/20260311/eu-west-1/{signed}/aws4_request"
    heard: list[str] = []
    environ = {"HTTP_AUTHORIZATION": scope, "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body), **more}
    DESCRIBED.wrap(beyond)(environ, lambda told, _: heard.append(told))
    return heard[0]


@pytest.mark.parametrize(("service", "operation"), EVERY)
@settings(max_examples=100, deadline=None)
@given(st.data())
def test_nothing_that_is_asked_breaks_it(service: str, operation: str, data: st.DataObject) -> None:
    model = MODELS.get_service_model(service)
    names = list(model.operation_model(operation).input_shape.members)
    chosen = data.draw(st.lists(st.sampled_from(names), max_size=3)) if names else []
    if model.metadata["protocol"] == "query":
        form = {"Action": operation} | {name + data.draw(PATHS): data.draw(TEXTS) for name in chosen}
        more: dict[str, Any] = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
        told = status(service, urllib.parse.urlencode(form).encode(), more)
    else:
        said = {name: data.draw(VALUES) for name in chosen}
        body = data.draw(st.one_of(st.just(orjson.dumps(said)), st.sampled_from([b"", b"[]", b"{", b"null", b"\xff"])))
        more = {"HTTP_X_AMZ_TARGET": f"Service.{operation}", "CONTENT_TYPE": "application/x-amz-json-1.0"}
        told = status(service, body, more)
    assert told[:3] in ("200", "400", "403", "404")
