"""What was done in the account, by whom, and what came of it: each request that changes something."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import uuid4

from console.demo.emulator.grants import is_read, said_by
from console.demo.emulator.journal import Journal
from console.demo.emulator.requests_form import App, Asked, Environ, Refused, Start, asked
from console.demo.emulator.sessions import KEY, Session
from console.demo.inventory import ACCOUNT, REGION

OUTCOME = "dbconsole.outcome"  # where a request carries what came of it
KEPT = 10_000
ASSUMED = ("sts", "AssumeRole")
SOURCES = {"cloudwatch": "monitoring", "resourcegroupstaggingapi": "tagging"}
SECRETS = ("secretAccessKey",)
Event = dict[str, Any]


def noted(environ: Environ, outcome: Mapping[str, Any] | Refused) -> None:
    environ[OUTCOME] = outcome


class Trail:
    """``now``: of the request."""

    def __init__(self, now: Callable[[], float], journal: Journal) -> None:
        self._now, self._journal = now, journal
        self._events: deque[Event] = deque(journal.before("event"), KEPT)
        self._entering = threading.Lock()

    def wrap(self, app: App) -> App:
        def followed(environ: Environ, start: Start) -> Iterable[bytes]:
            request = asked(environ)
            if is_read(request) or request.operation == "GetCallerIdentity":
                return app(environ, start)
            ids: list[str] = []

            def heard(status: str, headers: Any, *more: Any) -> object:
                ids.extend(value for name, value in headers if name.lower() == "x-amzn-requestid")
                return start(status, headers, *more)

            t = self._now()
            body = app(environ, heard)
            session = environ.get(KEY)
            if isinstance(session, Session):  # whose key is no good is nobody
                self._enter(_event(request, environ, session, t, next(iter(ids), str(uuid4()))))
            return body

        return followed

    def _enter(self, event: Event) -> None:
        with self._entering:
            self._events.append(event)
            self._journal.enter("event", event)

    def events(self) -> list[Event]:
        """In the order in which they were entered."""
        with self._entering:
            return list(self._events)


def _event(request: Asked, environ: Environ, session: Session, t: float, number: str) -> Event:
    outcome = environ.get(OUTCOME)
    told: Event = {
        "eventVersion": "1.11",
        "userIdentity": _identity(session),
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(t)),
        "eventSource": f"{SOURCES.get(request.service, request.service)}.amazonaws.com",
        "eventName": request.operation,
        "awsRegion": request.region or REGION,
        "sourceIPAddress": environ.get("REMOTE_ADDR", "127.0.0.1"),
        "userAgent": environ.get("HTTP_USER_AGENT", ""),
        "requestParameters": _plain(said_by(request)) or None,
        "responseElements": _plain(outcome) if isinstance(outcome, Mapping) else None,
        "requestID": number,
        "eventID": str(uuid4()),
        "readOnly": (request.service, request.operation) == ASSUMED,  # AWS counts it so: it changes nothing itself
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": str(ACCOUNT),
        "eventCategory": "Management",
    }
    if isinstance(outcome, Refused):
        told |= {"errorCode": outcome.code, "errorMessage": outcome.message}
    return told


def _identity(session: Session) -> Event:
    role = session.of
    begun = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(session.begun))
    context: Event = {
        "sessionIssuer": {
            "type": "Role",
            "principalId": role.id,
            "arn": role.arn,
            "accountId": str(ACCOUNT),
            "userName": role.name,
        },
        "attributes": {"creationDate": begun, "mfaAuthenticated": str(bool(session.mfa)).lower()},
    }
    if session.source_identity:
        context["sourceIdentity"] = session.source_identity
    return {
        "type": "AssumedRole",
        "principalId": f"{role.id}:{session.name}",
        "arn": session.arn,
        "accountId": str(ACCOUNT),
        "accessKeyId": session.key,
        "sessionContext": context,
    }


def _plain(said: Any) -> Any:
    """Names begin with a small letter there, lists are lists whatever the protocol, and no secret is kept."""
    if isinstance(said, Mapping):
        if len(said) == 1 and isinstance(inner := next(iter(said.values())), Mapping) and _is_numbered(inner):
            return [_plain(inner[n]) for n in sorted(inner, key=int)]
        named = {str(name)[:1].lower() + str(name)[1:]: value for name, value in said.items()}
        return {name: _plain(value) for name, value in named.items() if name not in SECRETS}
    if isinstance(said, list | tuple):
        return [_plain(each) for each in said]
    return said


def _is_numbered(said: Mapping[str, Any]) -> bool:
    return bool(said) and all(str(name).isdigit() for name in said)
