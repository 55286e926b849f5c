"""Answers without a screen: `check`, `demo --check`. Never loads Textual."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.errors import Trouble
from console import __version__, check, findings
from console.demo.scenario.load import listing, load
from console.estate.times import to_ms
from console.paths import sessions
from console.play import Moment, play, two_passes
from console.profile_errors import profile_of, shipped
from console.protocol.client import Client
from console.protocol.sockets import connect
from console.specs import AwsOptions, Play, RoleWord
from console.starting import DEFAULT_ESTATE

UNMET = 1  # a play that did not come out as its scenario expects

logging.getLogger().addHandler(logging.NullHandler())  # what went wrong is told in the answer


def check_demo(options: argparse.Namespace) -> int:
    """Every collector twice, then the document or its line."""
    loaded = load(options.demo)
    demo = _play(options, options.demo)
    return _checked(options, asyncio.run(two_passes(shipped(loaded.estate), demo, AwsOptions())))


def check_estate(options: argparse.Namespace) -> int:
    """By the engine that watches this estate, where one runs; else every collector twice.

    Told where to look, it looks there: an engine that runs may look elsewhere.
    """
    profile = profile_of(options.estate or DEFAULT_ESTATE)
    aws = AwsOptions(options.profile, options.region)
    moment = asyncio.run(_of_running(profile.name)) if aws == AwsOptions() else None
    if moment is None:
        moment = asyncio.run(two_passes(profile, None, aws))
    return _checked(options, moment)


def _checked(options: argparse.Namespace, moment: Moment) -> int:
    checked = _document(moment)
    _say(checked if options.json else check.nagios_line(checked))
    return check.exit_code(checked["status"])


def play_demo(options: argparse.Namespace) -> int:
    """The estate from its start, then what became of it."""
    loaded = load(options.scenario)
    seconds = options.seconds or round(loaded.seconds)
    demo, length = _play(options, options.scenario), timedelta(seconds=seconds)
    moment = asyncio.run(play(shipped(loaded.estate), demo, length, options.speed))
    mirror = moment.mirror
    found = findings.played(mirror.resources, to_ms(demo.start))
    told = check.demo_document(mirror.status, seconds, loaded.name, found=found, expect=loaded.expect)
    if options.json:
        _say(told)
    else:
        _say(f"played {seconds} s: {check.nagios_line(_document(moment))}")
        _say_what_differs(told["expect"])
    return 0 if told["expect"]["met"] else UNMET


def _say_what_differs(expect: Mapping[str, Any]) -> None:
    """From what the scenario expects of triage."""
    for kind, words in (("missing", "was not found"), ("unexpected", "was found and should not be")):
        for each in expect[kind]:
            _say(f"{each} {words}")


def list_demos(options: argparse.Namespace) -> int:
    """What is shipped, by name."""
    listed = listing()
    if options.json:
        _say({"schema_version": 1, "demos": [asdict(each) for each in listed]})
    else:
        width = max(len(each.name) for each in listed)
        _say("\n".join(f"{each.name:{width}}  {each.kind:8}  {each.seconds:5.0f} s  {each.title}" for each in listed))
    return 0


def _document(moment: Moment) -> dict[str, Any]:
    mirror = moment.mirror
    return check.document(mirror.meta, mirror.status, mirror.resources, moment.now_ms)


async def _of_running(estate: str) -> Moment | None:
    """What an engine that watches this estate in AWS says, where one runs under this user."""
    for session in sessions():
        with contextlib.suppress(Trouble, OSError):
            async with Client(await connect(session / "view.sock"), "once", __version__) as client:
                meta = client.mirror.meta
                if meta is not None and meta.mode == "live" and meta.estate == estate:
                    return Moment(client.mirror, client.mirror.now_ms(time.monotonic()) or 0)
    return None


def _play(options: argparse.Namespace, scenario: str) -> Play:
    start: datetime = options.start or datetime.now(UTC)
    place = (scenario, options.seed, options.size, start)
    role: RoleWord = getattr(options, "role", "operator")  # `check --demo` has none: it only reads
    return Play(*place, anchor=time.monotonic(), speed=1.0, wire=options.wire, driver=options.driver, role=role)


def _say(answer: dict[str, Any] | str) -> None:
    print(answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False, indent=1), flush=True)
