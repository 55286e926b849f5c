"""What does an emulator play that another console has started? Standard library only: a guard's child asks."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from collectors.errors import Trouble
from console.specs import ROLES, Play, RoleWord

PATH = "/dbconsole/play"
PLAYS = ("scenario", "seed", "size", "start", "anchor", "speed", "role")
PATIENCE_S = 5.0
LONGEST = 65_536
_NEAR = re.compile(r"http://(127\.0\.0\.1|localhost):([0-9]{1,5})/?")


def require_nothing_of_its_own(options: argparse.Namespace, usual: Mapping[str, object]) -> None:
    """Who joins has the estate, the time and the role of the console that plays it."""
    if options.check or options.json:
        raise Trouble("`--join` is for a screen.", mend="Leave out `--check` and `--json`.")
    said = [name for name in PLAYS if getattr(options, name, None) != usual.get(name)]
    if said:
        what = "A scenario" if said[0] == "scenario" else f"`--{said[0]}`"
        raise Trouble(f"{what} is the other console's to say.", mend="Leave it out beside `--join`.")


def endpoint(url: str) -> str:
    """Where it listens, if that is this machine: an estate is played on one machine's clock."""
    found = _NEAR.fullmatch(url)
    if found is None or not 0 < int(found[2]) < 65_536:
        mend = "Give it as `http://127.0.0.1:PORT`; `dbconsole view --once --json` tells it as endpoint."
        raise Trouble("Only an emulated AWS of this machine can be joined.", seen=url, mend=mend)
    return f"http://127.0.0.1:{found[2]}"


def document(url: str) -> str:
    """What it says of its play, as it came."""
    from http.client import HTTPConnection, HTTPException  # noqa: PLC0415 - in the forked child, never in the guard

    where = endpoint(url)
    connection = HTTPConnection(where.removeprefix("http://"), timeout=PATIENCE_S)
    try:
        connection.request("GET", PATH)
        answer = connection.getresponse()
        status, body = answer.status, answer.read(LONGEST)
    except (OSError, HTTPException) as error:
        seen = f"{where}: {str(error) or type(error).__name__}"
        raise Trouble("Nobody plays there.", seen=seen, mend="Start `dbconsole demo` first.") from None
    finally:
        connection.close()
    if status != 200:
        raise _no_emulator(where, f"it answers {status}")
    text = body.decode("utf-8", "replace")
    play(text, where)
    return text


def play(document: str, where: str) -> Play:
    """The same play, on the emulator that is there."""
    try:
        said: Mapping[str, Any] = json.loads(document)
        if set(said) != set(PLAYS):
            raise ValueError("it says something else")
        return Play(
            scenario=str(said["scenario"]),
            seed=int(said["seed"]),
            size=None if said["size"] is None else int(said["size"]),
            start=datetime.fromisoformat(said["start"]),
            anchor=float(said["anchor"]),
            speed=float(said["speed"]),
            role=_role(said["role"]),
            endpoint=where,
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise _no_emulator(where, str(error)) from None


def _role(said: object) -> RoleWord:
    found = next((role for role in ROLES if role == said), None)
    if found is None:
        raise ValueError(f"{said} is no role")
    return found


def _no_emulator(where: str, seen: str) -> Trouble:
    mend = "Give the endpoint of a console that plays: `dbconsole view --once --json` tells it."
    return Trouble("That is no emulated AWS of dbconsole.", seen=f"{where}: {seen}", mend=mend)
