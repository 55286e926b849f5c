"""Answers without a screen: `check`, `demo --check`, `view --once`. Never loads Textual."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Coroutine, Mapping
from typing import Any

from collectors.errors import Trouble
from console import __version__, check
from console.launch import view_address
from console.play import Played, play
from console.protocol.client import Client
from console.protocol.mirror import Mirror
from console.protocol.sockets import connect

CHECK_SECONDS = 5  # apart, so that rates exist
JOINING_MAY_TAKE_S = 10.0


def check_demo(options: argparse.Namespace) -> int:
    """Every collector twice, five seconds apart."""
    played = asyncio.run(play(options.demo, options.seed, options.start, CHECK_SECONDS))
    return _say(check.document(played.mirror), options)


def play_demo(options: argparse.Namespace) -> int:
    """The estate from its start, as fast as it can."""
    played = asyncio.run(play(options.scenario, options.seed, options.start, options.seconds, ceiling=options.speed))
    return 0


def view_once(options: argparse.Namespace) -> int:
    """What a running engine says at this moment."""
    mirror = asyncio.run(_join(options.address))
    return 0
