"""Who sends a request? By the access key that it is signed with, and by what a session's token says.

A token says all there is to know of its session, so that it outlives the emulator that gave it. Credentials last in
the time of this machine, whatever time it is in the estate: clients look at their own clock before they renew them.
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import orjson

from console.demo.emulator.policies import Rights, parsed
from console.demo.emulator.requests_form import Environ, Refused
from console.demo.emulator.roles import VIEWER, Role, roles
from console.demo.inventory import ACCOUNT

KEY = "dbconsole.session"  # where a request carries whose it is
PERSON, NAME = "AKIADEMO", "demo"  # the access key and the name of whoever plays
TAG = "dbconsole-role"
_SIGNED_BY = re.compile(r"Credential=([^/,]*)/")
_PREFIX = "dbconsole."
_SECRET = hashlib.blake2b(b"the demo's AWS, which is on loopback alone", digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Session:
    """Of a role, always: also whoever plays reads as one."""

    role: str
    name: str
    key: str
    begun: float
    expires: float | None = None  # of this machine's clock; None: the key is not of a session that ends
    policy: str = ""
    source_identity: str = ""
    mfa: bool | None = None  # None: a request by such a key says nothing about it
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def of(self) -> Role:
        return roles()[self.role]

    @property
    def arn(self) -> str:
        return f"arn:aws:sts::{ACCOUNT}:assumed-role/{self.role}/{self.name}"

    @property
    def rights(self) -> Rights:
        return self.of.rights(parsed(self.policy) if self.policy else None)

    def context(self, now: float) -> dict[str, tuple[str, ...]]:
        """What conditions can ask of who it is."""
        known = {
            "aws:principalarn": self.of.arn,
            "aws:principalaccount": str(ACCOUNT),
            "aws:principaltype": "AssumedRole",
            "aws:userid": f"{self.of.id}:{self.name}",
            **{f"aws:principaltag/{name.lower()}": value for name, value in self.tags.items()},
        }
        if self.source_identity:
            known["aws:sourceidentity"] = self.source_identity
        if self.mfa is not None:
            known["aws:multifactorauthpresent"] = str(self.mfa).lower()
        if self.mfa:
            known["aws:multifactorauthage"] = str(int(now - self.begun))
        return {name: (value,) for name, value in known.items()}


class Sessions:
    """``role``: the highest that whoever plays may take on: viewer, operator or admin."""

    def __init__(self, role: str, now: Callable[[], float] = time.time) -> None:
        self.role, self.now = role, now

    def person(self) -> Session:
        return Session(VIEWER, NAME, PERSON, 0.0, tags={TAG: self.role})

    def of(self, environ: Environ) -> Session:
        """Any key that is not known reads as a viewer who may take on nothing."""
        signed = _SIGNED_BY.search(environ.get("HTTP_AUTHORIZATION", ""))
        if signed is None:
            raise Refused("MissingAuthenticationToken", "Request is missing Authentication Token", 403)
        token = environ.get("HTTP_X_AMZ_SECURITY_TOKEN", "")
        if token.startswith(_PREFIX):
            return self._held(token, signed[1])
        if signed[1] == PERSON:
            return self.person()
        return Session(VIEWER, re.sub(r"[^\w+=,.@-]", "", signed[1]) or "nobody", signed[1], 0.0)

    def _held(self, token: str, key: str) -> Session:
        session = _read(token)
        if session is None or session.key != key:
            raise Refused("InvalidClientTokenId", "The security token included in the request is invalid.", 403)
        if session.expires is not None and self.now() >= session.expires:
            raise Refused("ExpiredToken", "The security token included in the request is expired", 403)
        return session


def token_of(session: Session) -> str:
    told = orjson.dumps(asdict(replace(session, tags=dict(session.tags))))
    return _PREFIX + base64.urlsafe_b64encode(_sealed(told) + told).decode()


def _sealed(told: bytes) -> bytes:
    return hashlib.blake2b(told, key=_SECRET, digest_size=16).digest()


def _read(token: str) -> Session | None:
    try:
        raw = base64.urlsafe_b64decode(token.removeprefix(_PREFIX))
        seal, told = raw[:16], raw[16:]
        said: dict[str, Any] = orjson.loads(told) if seal == _sealed(told) else {}
        return Session(**said)
    except (ValueError, TypeError):
        return None
