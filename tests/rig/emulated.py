"""The emulated AWS as a process of its own, for tests: clients that are somebody, and a play that consoles can join."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from console.demo.emulator.launch import Emulator
from console.demo.inventory import ACCOUNT
from console.engine.outside import KEYS
from console.specs import Play, RoleWord

START = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)


@dataclass
class Emulated:
    """``play``: as a console that joins has it, which starts no emulator of its own."""

    emulator: Emulator
    play: Play
    _clients: list[Any] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        return self.emulator.endpoint

    def client(
        self,
        service: str,
        role: str = "",
        *,
        keys: tuple[str, ...] = KEYS,
        at: str = "",
        patience: float = 20.0,
        **asked: Any,
    ) -> Any:
        """Of whoever plays, or as the session of a role (`dbconsole-operator`). ``at``: behind a proxy."""
        if role:
            given = {"RoleArn": role_arn(role), "RoleSessionName": "rig", **asked}
            said = self.client("sts", keys=keys).assume_role(**given)["Credentials"]
            keys = (said["AccessKeyId"], said["SecretAccessKey"], said["SessionToken"])
        config = Config(retries={"total_max_attempts": 1, "mode": "standard"}, read_timeout=patience, connect_timeout=5)
        session = boto3.session.Session(*keys, region_name="eu-west-1")
        made = session.client(service, endpoint_url=at or self.endpoint, config=config)
        self._clients.append(made)
        return made

    def joined(self, endpoint: str) -> Play:
        """The same play behind something else, such as a proxy."""
        return replace(self.play, endpoint=endpoint)

    def kill(self) -> None:
        """-9. Nobody starts another here: it is the engine that does."""
        os.kill(self.emulator.pid, signal.SIGKILL)

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self.emulator.close()


@contextmanager
def emulated(
    role: RoleWord = "operator",
    *,
    scenario: str = "resilient-database",
    start: datetime = START,
    speed: float = 1.0,
    ledger: Path | None = None,
    run: str = "rig",
    manual_snapshots: int | None = None,
    play: Play | None = None,
    size: int = 12,
) -> Iterator[Emulated]:
    """``play``: of an emulator before it, whose time goes on."""
    play = play or Play(scenario, 1, size, start, time.monotonic(), speed, role=role)
    emulator = Emulator(play, ledger=ledger, run=run, manual_snapshots=manual_snapshots)
    found = Emulated(emulator, replace(play, endpoint=emulator.endpoint))
    try:
        yield found
    finally:
        found.close()


def role_arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"
