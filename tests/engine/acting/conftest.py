"""Consoles in front of a proxy and an emulated AWS: one of each role for all the tests of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from console.specs import RoleWord
from tests.rig.acting.console import Console
from tests.rig.aws_proxy import AwsProxy
from tests.rig.emulated import Emulated, emulated

SPEED = 10.0  # thirty seconds, after which a look is too old, are three


@dataclass(frozen=True)
class Stage:
    """``world`` is the emulated AWS, ``proxy`` stands before it, and ``console`` asks only that."""

    world: Emulated
    proxy: AwsProxy
    console: Console


@contextmanager
def staged(folder: Path, role: RoleWord, **more: object) -> Iterator[Stage]:
    """Its engine runs."""
    with ExitStack() as stack:
        world = stack.enter_context(emulated(role, speed=SPEED))
        proxy = stack.enter_context(AwsProxy(world.endpoint))
        console = Console(folder, world.joined(proxy.url), **more)  # type: ignore[arg-type]
        stack.callback(console.kill)
        console.start()
        yield Stage(world, proxy, console)


Staging = Callable[[RoleWord], Stage]


@pytest.fixture(scope="module")
def staging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staging]:
    with ExitStack() as stack:
        made: dict[str, Stage] = {}

        def of(role: RoleWord) -> Stage:
            if role not in made:
                made[role] = stack.enter_context(staged(tmp_path_factory.mktemp(role), role))
            return made[role]

        yield of


@pytest.fixture
def admin(staging: Staging) -> Stage:
    return forgetful(staging("admin"))


@pytest.fixture
def operator(staging: Staging) -> Stage:
    return forgetful(staging("operator"))


@pytest.fixture
def viewer(staging: Staging) -> Stage:
    return forgetful(staging("viewer"))


def forgetful(stage: Stage) -> Stage:
    """Of what the tests before this one sent, and made go wrong."""
    stage.proxy.mend()
    stage.proxy.forget()
    return stage
