"""Which processes does a command need, and what is each told? Standard library only: it runs before the forks."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn

from console import environment, guard, paths, running, starting, terminal
from console.believed import believed
from console.running import Found, Started
from console.specs import Asked, EngineSpec, Mode, RelaySpec, ScreenSpec, ShareOptions
from console.view_address import is_by_broker, share_options, view_address


def watch_estate(options: argparse.Namespace) -> int:
    """A screen that controls an engine on AWS: the one that runs, else one of its own."""
    terminal.require("watch", "`dbconsole check`")
    return _watch(options, starting.estate_wanted("watch", options))


def watch_demo(options: argparse.Namespace) -> int:
    """A screen that controls an engine on the embedded estate."""
    terminal.require("demo", "`dbconsole demo --check` or `dbconsole check --demo`")
    return _join_demo(options) if options.join else _watch(options, starting.demo_wanted("demo", options))


def _join_demo(options: argparse.Namespace) -> int:
    """Another engine and screen on an emulated AWS that a console of this machine plays."""
    from console.demo import joining  # noqa: PLC0415 - for those who join

    where, told = joining.endpoint(options.join), starting.checked(partial(joining.document, options.join))
    if not isinstance(told, str):
        return told
    play = replace(joining.play(told, where), wire=options.wire, driver=options.driver)
    estate, share = starting.checked(partial(starting.check_scenario, play.scenario)), starting.shared(options)
    if not isinstance(estate, str):
        return estate
    if not isinstance(share, ShareOptions):
        return share
    wanted = Started("demo", estate, where, options.read_only, play={"endpoint": where}, share=share.url)
    claimed = starting.claim(wanted)
    if isinstance(claimed, Found):
        return _attach(options, claimed)
    return _run(options, replace(starting.engine_spec(options, wanted, claimed.session), play=play), wanted)


def _watch(options: argparse.Namespace, wanted: Started | int) -> int:
    if not isinstance(wanted, Started):
        return wanted
    claimed = starting.claim(wanted)
    if isinstance(claimed, Found):
        return _attach(options, claimed)
    return _run(options, starting.engine_spec(options, wanted, claimed.session), wanted, claimed.why)


def _run(options: argparse.Namespace, engine: EngineSpec, wanted: Started, why: str = "") -> int:
    screen = _screen_spec(options, engine.sockets / "control.sock", "control", wanted.estate)
    return guard.run(engine=partial(starting.run_engine, engine), screen=partial(_screen, replace(screen, notice=why)))


def _attach(options: argparse.Namespace, found: Found) -> int:
    """A screen alone, on an engine that another console of this user started."""
    running.refuse_sharing(found, options.share)
    started = running.wait_for(found.path) or found.started
    said = f"Attached to {running.words(replace(found, started=started))}."
    if started.read_only and not options.read_only:
        said += " It was started with --read-only: nothing can be changed here either."
    name: Mode = "view" if options.read_only else "control"
    screen = _screen_spec(options, found.path / f"{name}.sock", name, started.estate)
    screen = replace(screen, attached=True, notice=said)
    return guard.run(engine=None, screen=partial(_screen, screen), may_suspend=True)


def watch_view(options: argparse.Namespace) -> int:
    """A screen alone, on the view socket of an engine that runs; or with one of its own, that hears a broker."""
    terminal.require("view", "`dbconsole view --once`")
    if is_by_broker(options):
        return _watch_broker(options)
    address = view_address(options.address)
    spec = _screen_spec(options, address, "view", address.parent.name)
    return guard.run(engine=None, screen=partial(_screen, spec))


def _watch_broker(options: argparse.Namespace) -> int:
    share = share_options(options)
    name = starting.checked(partial(_check_way, options.address or "", options.estate, share))
    if not isinstance(name, str):
        return name
    session = paths.claim_session(f"view-{name}")
    log, _ = paths.engine_dir(session.path.name)
    spec = RelaySpec(options.address or "", session.path, log, os.getpid(), share, options.estate)
    screen = replace(_screen_spec(options, session.path / "view.sock", "view", name), relayed=True)
    return guard.run(engine=partial(_relay, spec), screen=partial(_screen, screen), may_suspend=False)


def _screen_spec(options: argparse.Namespace, address: Path, mode: Mode, estate: str) -> ScreenSpec:
    found = environment.initial_environment()
    return ScreenSpec(
        address=address,
        mode=mode,
        estate=estate,
        able=environment.able(believed(found) if mode == "view" else found),
        asked=Asked(options.theme, options.symbols, options.color, options.times, options.mouse),
        looks_file=paths.looks_file(),
    )


def _relay(spec: RelaySpec) -> NoReturn:
    from console.relay.main import main  # noqa: PLC0415 - in the forked child, never in the guard

    main(spec)


def _screen(spec: ScreenSpec, guarded: guard.Guarded) -> int:
    from console.screen.start import main  # noqa: PLC0415 - in the forked child, never in the guard

    return main(spec, guarded)


def _check_way(url: str, estate: str | None, share: ShareOptions) -> str:
    """What is viewed, as it is called until somebody has said so; where the keys and files are in order."""
    from console.relay.way import way_of  # noqa: PLC0415 - in the forked child, never in the guard

    way = way_of(url, estate, share)
    return way.broker.estate or way.broker.host or "broker"
