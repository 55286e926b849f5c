"""A demo's engine at thirty times its speed, for tests of the whole process."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.specs import EngineSpec, Play
from tests.engine.engines import Engines


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[Engines]:
    spec = EngineSpec(
        estate="resilient-database",
        sockets=tmp_path / "run",
        state=tmp_path / "state",
        notices=(),
        guard=os.getpid(),
        run="one",
        play=Play(
            scenario="resilient-database",
            seed=1,
            size=12,
            start=datetime(2026, 3, 11, 10, tzinfo=UTC),
            anchor=time.monotonic(),
            speed=30.0,
        ),
    )
    (tmp_path / "state").mkdir()
    found = Engines(spec, [])
    yield found
    for engine in found.running:
        engine.kill()
        engine.wait()
