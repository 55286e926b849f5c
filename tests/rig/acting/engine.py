"""An engine as the guard starts it, under a profile of the tests where they have one."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from console.demo.databases import DemoDatabases
from console.engine.engine import Engine
from console.engine.main import main
from console.profile_errors import profile_of
from console.specs import AwsOptions, EngineSpec, Play, ShareOptions

SPECS = (EngineSpec, Play, AwsOptions, ShareOptions, datetime)
NAMES = {each.__name__: each for each in SPECS} | {"UTC": UTC, "PosixPath": Path}


def words(spec: EngineSpec) -> str:
    """What `main` below reads again."""
    return repr(spec).replace("datetime.datetime", "datetime").replace("datetime.timezone.utc", "UTC")


def engine(spec: EngineSpec) -> Engine:
    profile = profile_of(sys.argv[2]) if len(sys.argv) > 2 else None
    return Engine(spec, profile=profile)


async def nothing_begins(_: DemoDatabases) -> None:
    """What goes on inside databases is not asked: it would be most of what the engine does, and no action needs it."""


if __name__ == "__main__":
    DemoDatabases.begin = nothing_begins  # type: ignore[method-assign, assignment]
    main(eval(sys.argv[1], NAMES), engine)  # noqa: S307 - written by `words`
