"""What became of the one request: taken, refused, or nobody knows? Decided by what came back, and nothing is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from collectors.safe import NO_TEXT, Safe, sanitise
from console.actions.life import State

_EXISTS = re.compile("AlreadyExists|BackupInUse")  # perhaps by this very request
_DENIED = re.compile("AccessDenied|Unauthori[sz]ed|NotAuthorized|AuthorizationError")
_NOT_LEFT = ("EndpointConnectionError", "ConnectTimeoutError", "ParamValidationError", "NoCredentialsError")
_SERVER = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """``state``: accepted, rejected or unknown."""

    state: State
    said: Safe
    request_id: Safe = NO_TEXT
    is_denied: bool = False


def accepted(response: Mapping[str, Any]) -> Answer:
    return Answer(State.ACCEPTED, Safe("AWS has accepted it."), _request_id(response))


def failed(error: BaseException) -> Answer:
    """A refusal is believed, and that nothing left where no connection was made. Whatever else it is, is unknown."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return _refused(response)
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if kinds & set(_NOT_LEFT):
        return Answer(State.REJECTED, sanitise(f"Nothing left this machine: {_words(error)}"))
    return Answer(State.UNKNOWN, sanitise(f"It was sent, and no answer came ({_words(error)})."))


def _refused(response: dict[str, Any]) -> Answer:
    told = response.get("Error", {})
    code, message = str(told.get("Code", "")), str(told.get("Message", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) or 0)
    said, request_id = sanitise(f"{code}: {message}"), _request_id(response)
    if _EXISTS.search(code) or status >= _SERVER or not code:
        return Answer(State.UNKNOWN, said, request_id)
    return Answer(State.REJECTED, said, request_id, bool(_DENIED.search(code)))


def _request_id(response: Mapping[str, Any]) -> Safe:
    return sanitise(str(response.get("ResponseMetadata", {}).get("RequestId", "")))


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:300]
