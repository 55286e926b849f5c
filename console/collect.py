"""An engine without a screen, for as long as nobody ends it. Standard library only: it runs before the fork."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from collectors.errors import Trouble
from console import keeper, running, starting
from console.running import Found, Started
from console.specs import EngineSpec

SHARING_MAY_TAKE_S = 15.0


def collect(options: argparse.Namespace) -> int:
    """Until it is told to end; the exit status."""
    wanted = starting.demo_wanted("collect", options) if options.demo else starting.estate_wanted("collect", options)
    if not isinstance(wanted, Started):
        return wanted
    claim = starting.claim(wanted)
    if isinstance(claim, Found):
        raise _runs_already(claim)
    spec = starting.engine_spec(options, wanted, claim.session)
    spec = replace(spec, stays=True)
    until = time.monotonic() + SHARING_MAY_TAKE_S
    return keeper.keep(partial(starting.run_engine, spec), partial(_line, spec, until), _log(spec))


def _runs_already(found: Found) -> Trouble:
    started = found.started
    what = f"demo {started.source}" if started.play is not None else f"watch -e {started.estate}"
    mend = f"Attach with `dbconsole {what}`, look with `dbconsole view {found.path / 'view.sock'}`, or end it."
    if started.play is not None and started.command != "collect":
        mend = f"Look with `dbconsole view {found.path / 'view.sock'}`, or end it."
    return Trouble(f"An engine of {started.estate} runs already.", seen=running.words(found), mend=mend)


def _line(spec: EngineSpec, until: float) -> str | None:
    """Said once, when it listens; a broker of its own may be waited for."""
    if not running.answers(spec.sockets):
        return None
    started = running.read(spec.sockets)
    if started is None or not started.pid or (started.share and not started.shared and time.monotonic() < until):
        return None
    shared = f", shared at {started.shared}" if started.shared else ""
    return f"dbconsole collects {started.estate}: {spec.sockets / 'view.sock'}{shared}"


def _log(spec: EngineSpec) -> str:
    return "It keeps no log." if spec.state is None else f"Its log is {Path(spec.state) / 'engine.log'}."


