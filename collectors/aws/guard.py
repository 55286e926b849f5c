"""Nothing but reads leaves a session that is guarded: refused before a byte is sent, however it was called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import orjson

from collectors.aws.allowed import grant, is_allowed, is_of_a_secret
from collectors.errors import Trouble

_EVENTS = ("before-parameter-build", "before-call")
"""The first comes for presigned URLs too; the second for whatever builds its parameters on its own."""


_the_secret: ContextVar[str | None] = ContextVar("the_secret", default=None)


class NotAllowed(Trouble):
    """An operation that reading does not need. To see it is to have found a fault of ours."""


def guard(session: Any) -> None:
    """Every client that this session of botocore makes from now on; those made before stay as they are."""
    emitter = session.get_component("event_emitter")
    for event in _EVENTS:
        emitter.register_first(event, _refuse_all_else)


@contextmanager
def for_secret(secret_id: str) -> Iterator[None]:
    """What is called within, in this context and the threads that work for it, may read this secret and no other."""
    before = _the_secret.set(secret_id)
    try:
        yield
    finally:
        _the_secret.reset(before)


def _refuse_all_else(model: Any, params: Mapping[str, Any], **_: Any) -> None:
    service, operation = model.service_model.service_name, model.name
    if is_allowed(service, operation):
        return
    if is_of_a_secret(service, operation) and _secret_in(params) == _the_secret.get() is not None:
        return
    what = f"{grant(service, operation)} is not on the list of what this console reads."
    raise NotAllowed(what, seen="it was refused here, and nothing was sent", mend="Please report this.")


def _secret_in(params: Mapping[str, Any]) -> object:
    """Which secret is meant: before it is built a call is its parameters, afterwards a request of HTTP."""
    if "SecretId" in params:
        return params["SecretId"]
    body = params.get("body")
    told = orjson.loads(body) if isinstance(body, bytes | str) and body else {}
    return told.get("SecretId")
