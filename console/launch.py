"""Which processes does a command need, and what is each told? Standard library only: it runs before the forks."""

from __future__ import annotations

import argparse
import os
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NoReturn

from collectors.errors import Trouble
from console import environment, guard, paths, terminal
from console.specs import EngineSpec, Mode, ScreenSpec


def watch_demo(options: argparse.Namespace) -> int:
    """An engine on the embedded estate, and a screen that controls it."""
    terminal.require("demo", "`dbconsole demo --check` or `dbconsole check --demo`")
    session = paths.claim_session(options.scenario)
    state, notice = paths.engine_dir(session.path.name)
    engine = EngineSpec(
        estate=options.scenario,
        sockets=session.path,
        state=state,
        notices=(notice,) if notice else (),
        seed=options.seed,
        start=options.start or datetime.now(UTC),
        anchor=time.monotonic(),
        speed=options.speed or 1.0,
        guard=os.getpid(),
        run=f"{os.getpid()}-{time.time_ns()}",
    )
    return guard.run(
        engine=partial(_engine, engine),
        screen=partial(_screen, _screen_spec(options, session.path / "control.sock", "control", options.scenario)),
    )


def watch_view(options: argparse.Namespace) -> int:
    """A screen alone, on the view socket of an engine that runs."""
    terminal.require("view", "`dbconsole view --once`")
    address = view_address(options.address)
    spec = _screen_spec(options, address, "view", address.parent.name)
    return guard.run(engine=None, screen=partial(_screen, spec))


def view_address(given: str | None) -> Path:
    """The socket that was named, or that of the only console that runs here."""
    if given:
        path = Path(given)
        return path / "view.sock" if os.path.isdir(path) else path  # pathlib's raises where we may not look
    running = paths.sessions()
    if len(running) == 1:
        return running[0] / "view.sock"
    if not running:
        raise Trouble("No console runs under this user.", mend="Start `dbconsole demo`, or name the socket to view.")
    names = ", ".join(str(path / "view.sock") for path in running)
    raise Trouble("More than one console runs here.", seen=names, mend="Name one: `dbconsole view SOCKET`.")


def _screen_spec(options: argparse.Namespace, address: Path, mode: Mode, estate: str) -> ScreenSpec:
    surroundings = environment.initial_environment()
    return ScreenSpec(
        address=address,
        mode=mode,
        estate=estate,
        symbols=environment.symbols(options.symbols, surroundings),
        colourless=environment.colourless(options.color, surroundings),
        mouse=options.mouse,
    )


def _engine(spec: EngineSpec) -> NoReturn:
    from console.engine.main import main  # noqa: PLC0415 - in the forked child, never in the guard

    main(spec)


def _screen(spec: ScreenSpec, guarded: guard.Guarded) -> int:
    from console.screen.start import main  # noqa: PLC0415 - in the forked child, never in the guard

    return main(spec, guarded)
