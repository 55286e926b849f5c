"""The emulator as the engine starts it, clients of boto3 that tell it the time, answers held against AWS's model."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import boto3
import orjson
from botocore.config import Config
from botocore.exceptions import ClientError

from console.demo.emulator.describe import OPERATIONS
from console.demo.emulator.launch import Emulator
from console.demo.inventory import ACCOUNT
from console.demo.model import Model
from console.demo.played import model_of
from console.demo.told import telling
from console.specs import Play, RoleWord

START = datetime(2026, 3, 11, 12, 0, 0, tzinfo=UTC)
ESTATE = "resilient-database"


class Emulating:
    """One process, and a model that is the same as its own."""

    def __init__(self, scenario: str, size: int | None, role: RoleWord) -> None:
        self.play = Play(scenario, 1, size, START, time.monotonic(), 0.0, role=role)
        self.model: Model = model_of(scenario, seed=1, size=size, start=START)
        self.emulator = Emulator(self.play)
        self.now = START
        self.faults: list[str] = []  # in what was answered, by AWS's own model
        self._role = f"dbconsole-{role}"
        self.person = self.session("AKIADEMO", "demo")
        self._sessions = {"": self.person}
        self._clients: list[Any] = []
        self._known: dict[tuple[str, str, str], Any] = {}

    def session(self, *keys: str) -> Any:
        """Of boto3, whose requests tell the time."""
        made = boto3.session.Session(*keys, region_name="eu-west-1")
        telling(lambda: self.now)(made._session)
        return made

    def client(self, service: str, region: str = "eu-west-1", role: str | None = None) -> Any:
        """With all that whoever plays may take on; with another role, or with none: empty."""
        role = self._role if role is None else role
        if (service, region, role) not in self._known:
            if role not in self._sessions:
                self._sessions[role] = self.assumed(role)
            self._known[service, region, role] = self.client_of(self._sessions[role], service, region)
        return self._known[service, region, role]

    def client_of(self, session: Any, service: str, region: str = "eu-west-1") -> Any:
        config = Config(retries={"total_max_attempts": 1, "mode": "standard"}, read_timeout=30)
        made = session.client(service, region, endpoint_url=self.emulator.endpoint, config=config)
        if service in OPERATIONS:
            made.meta.events.register(f"after-call.{made.meta.service_model.service_id.hyphenize()}", self._held)
        self._clients.append(made)
        return made

    def assumed(self, role: str, name: str = "test", **more: Any) -> Any:
        """A session of boto3 that has taken on a role."""
        given = self.client("sts", role="").assume_role(RoleArn=role_arn(role), RoleSessionName=name, **more)
        keys = given["Credentials"]
        return self.session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])

    @property
    def t(self) -> float:
        return self.now.timestamp()

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def _held(self, http_response: Any, model: Any, **_: object) -> None:
        if http_response.status_code == 200:
            self.faults += faults(model, http_response.content)

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self.emulator.close()


@contextmanager
def emulating(scenario: str = ESTATE, size: int | None = 12, role: RoleWord = "admin") -> Iterator[Emulating]:
    world = Emulating(scenario, size, role)
    try:
        yield world
    finally:
        world.close()
    assert world.faults == []


def role_arn(role: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{role}"


def code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def faults(operation: Any, body: bytes) -> list[str]:
    """What is in an answer that AWS's own description of the operation does not have."""
    shape, name = operation.output_shape, operation.name
    if operation.service_model.metadata["protocol"] != "query":
        return [f"{name}: {each}" for each in _json_faults(shape, orjson.loads(body), "")]
    root = ElementTree.fromstring(body)  # noqa: S314 - our own
    result = root.find(f"{{*}}{shape.serialization['resultWrapper']}")
    if result is None:
        return [f"{name}: no {shape.serialization['resultWrapper']}"]
    return [f"{name}: {each}" for each in _xml_faults(shape, result, "")]


def _xml_faults(shape: Any, node: ElementTree.Element, place: str) -> Iterator[str]:
    match shape.type_name:
        case "structure":
            members = {m.serialization.get("name", name): m for name, m in shape.members.items()}
            names = [child.tag.rpartition("}")[2] for child in node]
            if len(set(names)) < len(names):
                yield f"{place}: something is said twice: {names}"
            for name, child in zip(names, node, strict=True):
                if name not in members:
                    yield f"{place}/{name}: is not in AWS's answer"
                else:
                    yield from _xml_faults(members[name], child, f"{place}/{name}")
        case "list":
            wanted = shape.member.serialization.get("name", "member")
            for child in node:
                if child.tag.rpartition("}")[2] != wanted:
                    yield f"{place}: {child.tag} in place of {wanted}"
                yield from _xml_faults(shape.member, child, f"{place}/{wanted}")
        case kind:
            yield from _text_faults(kind, node.text or "", place)


def _text_faults(kind: str, text: str, place: str) -> Iterator[str]:
    try:
        match kind:
            case "integer" | "long":
                int(text)
            case "timestamp":
                assert datetime.fromisoformat(text).tzinfo is not None
            case "boolean":
                assert text in ("true", "false")
    except (ValueError, AssertionError):
        yield f"{place}: {text!r} is no {kind}"


def _json_faults(shape: Any, value: Any, place: str) -> Iterator[str]:
    match shape.type_name:
        case "structure":
            for name, each in value.items():
                if name not in shape.members:
                    yield f"{place}/{name}: is not in AWS's answer"
                else:
                    yield from _json_faults(shape.members[name], each, f"{place}/{name}")
        case "list":
            for each in value:
                yield from _json_faults(shape.member, each, f"{place}/member")
        case kind:
            types: dict[str, Any] = {
                "string": str,
                "integer": int,
                "long": int,
                "boolean": bool,
                "timestamp": (int, float),
            }
            if kind in types and not isinstance(value, types[kind]):
                yield f"{place}: {value!r} is no {kind}"
