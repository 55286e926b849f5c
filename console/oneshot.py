"""Answers without a screen: `check`, `demo --check`, `view --once`. Never loads Textual."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from console import __version__, check, environment, plain
from console.launch import view_address
from console.play import Moment, play, two_passes
from console.protocol.client import Client
from console.protocol.sockets import connect
from console.screen.values import ASCII_SIGNS, SIGNS


def check_demo(options: argparse.Namespace) -> int:
    """Every collector twice, then the document or its line."""
    checked = _document(asyncio.run(two_passes(options.demo, options.seed, _start(options))))
    _say(checked if options.json else check.nagios_line(checked))
    return check.exit_code(checked["status"])


def play_demo(options: argparse.Namespace) -> int:
    """The estate from its start, then what became of it."""
    length = timedelta(seconds=options.seconds or 300)
    moment = asyncio.run(play(options.scenario, options.seed, _start(options), length, options.speed))
    if options.json:
        _say(check.demo_document(moment.mirror.status, options.seconds or 300))
    else:
        _say(f"played {options.seconds or 300} s: {check.nagios_line(_document(moment))}")
    return 0


def view_once(options: argparse.Namespace) -> int:
    """What a running engine says at this moment."""
    moment = asyncio.run(_present(options))
    if options.json:
        _say(_document(moment))
    else:
        kind = environment.symbols(options.symbols, environment.initial_environment())
        _say(plain.text(moment.mirror, moment.now_ms, ASCII_SIGNS if kind == "ascii" else SIGNS))
    return 0


async def _present(options: argparse.Namespace) -> Moment:
    link = await connect(view_address(options.address))
    async with Client(link, "once", __version__) as client:
        return Moment(client.mirror, client.mirror.now_ms(time.monotonic()) or 0)


def _document(moment: Moment) -> dict[str, Any]:
    mirror = moment.mirror
    return check.document(mirror.meta, mirror.status, mirror.resources, moment.now_ms)


def _start(options: argparse.Namespace) -> datetime:
    start: datetime | None = options.start
    return start or datetime.now(UTC)


def _say(answer: dict[str, Any] | str) -> None:
    print(answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False, indent=1), flush=True)
