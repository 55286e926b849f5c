"""Which processes does a command need, and what is each told? Standard library only: it runs before the forks."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NoReturn

from collectors.errors import Trouble
from console import environment, guard, paths, running, terminal
from console.running import Command, Found, Started
from console.specs import DEMO, Asked, AwsOptions, EngineSpec, Mode, Play, ScreenSpec

DEFAULT_ESTATE = "default"


@dataclass(frozen=True, slots=True)
class Claim:
    """The directory of an engine that is to be started, and why it does not use one that runs."""

    session: paths.Session
    why: str = ""


def watch_estate(options: argparse.Namespace) -> int:
    """A screen that controls an engine on AWS: the one that runs, else one of its own."""
    terminal.require("watch", "`dbconsole check`")
    return _watch(options, estate_wanted("watch", options))


def watch_demo(options: argparse.Namespace) -> int:
    """A screen that controls an engine on the embedded estate."""
    terminal.require("demo", "`dbconsole demo --check` or `dbconsole check --demo`")
    return _join_demo(options) if options.join else _watch(options, demo_wanted("demo", options))


def estate_wanted(command: Command, options: argparse.Namespace) -> Started | int:
    """Which estate in AWS, or the status to leave with."""
    told = _checked(partial(_check_profile, options.estate or DEFAULT_ESTATE))
    if not isinstance(told, str):
        return told
    name, _, source = told.partition("\n")
    aws = running.aws_as_asked(_aws(options), os.environ)
    return Started(command, name, source, options.read_only, aws=aws)


def demo_wanted(command: Command, options: argparse.Namespace) -> Started | int:
    """Which play, or the status to leave with."""
    scenario = options.demo if command == "collect" else options.scenario
    plain = scenario == DEMO  # nothing to find fault with, and the sooner it is seen the better
    estate = scenario if plain else _checked(partial(_check_scenario, scenario))
    if not isinstance(estate, str):
        return estate
    play = {name: getattr(options, name) for name in ("seed", "size", "wire", "driver", "role", "speed")}
    play["start"] = options.start.isoformat() if options.start else None
    source = os.path.abspath(scenario) if os.path.exists(scenario) else scenario
    return Started(command, estate, source, options.read_only, play=play)


def _join_demo(options: argparse.Namespace) -> int:
    """Another engine and screen on an emulated AWS that a console of this machine plays."""
    from console.demo import joining  # noqa: PLC0415 - for those who join

    where, told = joining.endpoint(options.join), _checked(partial(joining.document, options.join))
    if not isinstance(told, str):
        return told
    play = replace(joining.play(told, where), wire=options.wire, driver=options.driver)
    estate = _checked(partial(_check_scenario, play.scenario))
    if not isinstance(estate, str):
        return estate
    wanted = Started("demo", estate, where, options.read_only, play={"endpoint": where})
    claimed = claim(wanted)
    if isinstance(claimed, Found):
        return _attach(options, claimed)
    return _run(options, replace(engine_spec(options, wanted, claimed.session), play=play), wanted)


def _watch(options: argparse.Namespace, wanted: Started | int) -> int:
    if not isinstance(wanted, Started):
        return wanted
    claimed = claim(wanted)
    if isinstance(claimed, Found):
        return _attach(options, claimed)
    return _run(options, engine_spec(options, wanted, claimed.session), wanted, claimed.why)


def claim(wanted: Started) -> Claim | Found:
    """A directory for a new engine; or the engine that runs already and does what is wanted."""
    with running.deciding():
        other = running.same(wanted, running.running())
        if isinstance(other, Found):
            return other
        session = paths.claim_session(wanted.estate)
        running.keep(session.path, replace(wanted, at_ms=time.time_ns() // 1_000_000, guard=os.getpid()))
    why = f"It has an engine of its own beside {running.words(other.found)}: {other.why}." if other else ""
    return Claim(session, why)


def engine_spec(options: argparse.Namespace, wanted: Started, session: paths.Session) -> EngineSpec:
    """What a new engine is told."""
    state, notice = paths.engine_dir(session.path.name)
    audit, _ = paths.audit_dir(demo=wanted.play is not None)
    estate = wanted.estate if wanted.play is not None else options.estate or DEFAULT_ESTATE
    return EngineSpec(
        estate=estate,
        sockets=session.path,
        state=state,
        notices=(notice,) if notice else (),
        guard=os.getpid(),
        run=f"{os.getpid()}-{time.time_ns()}",
        play=None if wanted.play is None or "endpoint" in wanted.play else _play(options, wanted),
        aws=AwsOptions() if wanted.play is not None else _aws(options),
        audit=audit,
        read_only=options.read_only,
    )


def _aws(options: argparse.Namespace) -> AwsOptions:
    return AwsOptions(options.profile, options.region)


def _play(options: argparse.Namespace, wanted: Started) -> Play:
    return Play(
        scenario=wanted.source,
        seed=options.seed,
        size=options.size,
        start=options.start or datetime.now(UTC),
        anchor=time.monotonic(),
        speed=options.speed or 1.0,
        wire=options.wire,
        driver=options.driver,
        role=options.role,
    )


def _run(options: argparse.Namespace, engine: EngineSpec, wanted: Started, why: str = "") -> int:
    screen = _screen_spec(options, engine.sockets / "control.sock", "control", wanted.estate)
    return guard.run(engine=partial(run_engine, engine), screen=partial(_screen, replace(screen, notice=why)))


def _attach(options: argparse.Namespace, found: Found) -> int:
    """A screen alone, on an engine that another console of this user started."""
    started = running.wait_for(found.path) or found.started
    said = f"Attached to {running.words(replace(found, started=started))}."
    if started.read_only and not options.read_only:
        said += " It was started with --read-only: nothing can be changed here either."
    name: Mode = "view" if options.read_only else "control"
    screen = _screen_spec(options, found.path / f"{name}.sock", name, started.estate)
    screen = replace(screen, attached=True, notice=said)
    return guard.run(engine=None, screen=partial(_screen, screen), may_stop=True)


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
    return ScreenSpec(
        address=address,
        mode=mode,
        estate=estate,
        able=environment.able(environment.initial_environment()),
        asked=Asked(options.theme, options.symbols, options.color, options.times, options.mouse),
        looks_file=paths.looks_file(),
    )


def run_engine(spec: EngineSpec) -> NoReturn:
    """In a process of its own."""
    from console.engine.main import main  # noqa: PLC0415 - in the forked child, never in the guard

    main(spec)


def _screen(spec: ScreenSpec, guarded: guard.Guarded) -> int:
    from console.screen.start import main  # noqa: PLC0415 - in the forked child, never in the guard

    return main(spec, guarded)


def _checked(look: Callable[[], str]) -> str | int:
    """What ``look`` finds, or the status to leave with. In a child: what it has to import, the guard must not."""
    answer, telling = os.pipe()
    child = os.fork()
    if child == 0:
        status = 3
        try:
            os.write(telling, look().encode())
            status = 0
        except Trouble as trouble:
            os.write(2, f"dbconsole: {trouble.line()}\n".encode())
            status = trouble.exit_code
        except Exception as error:  # noqa: BLE001 - ours to tell: nobody else hears of it
            os.write(2, f"dbconsole: It failed before it began: {type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(status)
    os.close(telling)
    with os.fdopen(answer, "rb") as told:
        name = told.read().decode()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return name if status == 0 else status


def _check_profile(estate: str) -> str:
    """The name of the profile, if it is in order, and its file."""
    from console.profile_errors import profile_of  # noqa: PLC0415 - in the forked child, never in the guard
    from profiles.load import find  # noqa: PLC0415

    return f"{profile_of(estate).name}\n{find(estate).absolute()}"


def _check_scenario(scenario: str) -> str:
    """The name of the estate in which it plays, if it is in order."""
    from console.demo.scenario.load import load  # noqa: PLC0415

    return load(scenario).estate
