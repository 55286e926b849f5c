"""Which processes does a command need, and what is each told? Standard library only: it runs before the forks."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NoReturn

from collectors.errors import Trouble
from console import commands_share, environment, guard, paths, terminal
from console.specs import (
    DEMO,
    NOT_SHARED,
    Asked,
    AwsOptions,
    EngineSpec,
    Mode,
    Play,
    RelaySpec,
    ScreenSpec,
    ShareOptions,
)
from console.view_address import is_by_broker, share_options, view_address

DEFAULT_ESTATE = "default"


def watch_estate(options: argparse.Namespace) -> int:
    """An engine on AWS, and a screen that controls it."""
    terminal.require("watch", "`dbconsole check`")
    estate = options.estate or DEFAULT_ESTATE
    checked = _checked(partial(_check_profile, estate))
    if not isinstance(checked, str):
        return checked
    aws, share = AwsOptions(options.profile, options.region), _shared(options, estate)
    if not isinstance(share, ShareOptions):
        return share
    spec = _engine_spec(estate, checked, play=None, aws=aws, read_only=options.read_only)
    return _run(options, replace(spec, share=share), checked)


def watch_demo(options: argparse.Namespace) -> int:
    """An engine on the embedded estate, and a screen that controls it."""
    terminal.require("demo", "`dbconsole demo --check` or `dbconsole check --demo`")
    if options.join:
        return _join_demo(options)
    plain = options.scenario == DEMO  # nothing to find fault with, and the sooner it is seen the better
    checked = options.scenario if plain else _checked(partial(_check_scenario, options.scenario))
    if not isinstance(checked, str):
        return checked
    share = _shared(options)
    if not isinstance(share, ShareOptions):
        return share
    play = Play(
        scenario=options.scenario,
        seed=options.seed,
        size=options.size,
        start=options.start or datetime.now(UTC),
        anchor=time.monotonic(),
        speed=options.speed or 1.0,
        wire=options.wire,
        driver=options.driver,
        role=options.role,
    )
    spec = _engine_spec(checked, checked, play=play, aws=AwsOptions(), read_only=options.read_only)
    return _run(options, replace(spec, share=share), checked)


def _join_demo(options: argparse.Namespace) -> int:
    """Another engine and screen on an emulated AWS that a console of this machine plays."""
    from console.demo import joining  # noqa: PLC0415 - for those who join

    where, told = joining.endpoint(options.join), _checked(partial(joining.document, options.join))
    if not isinstance(told, str):
        return told
    play = replace(joining.play(told, where), wire=options.wire, driver=options.driver)
    estate, share = _checked(partial(_check_scenario, play.scenario)), _shared(options)
    if not isinstance(estate, str):
        return estate
    if not isinstance(share, ShareOptions):
        return share
    spec = _engine_spec(estate, estate, play=play, aws=AwsOptions(), read_only=options.read_only)
    return _run(options, replace(spec, share=share), estate)


def _engine_spec(estate: str, name: str, *, play: Play | None, aws: AwsOptions, read_only: bool) -> EngineSpec:
    session = paths.claim_session(name)
    state, notice = paths.engine_dir(session.path.name)
    audit, _ = paths.audit_dir(demo=play is not None)
    return EngineSpec(
        estate=estate,
        sockets=session.path,
        state=state,
        notices=(notice,) if notice else (),
        guard=os.getpid(),
        run=f"{os.getpid()}-{time.time_ns()}",
        play=play,
        aws=aws,
        audit=audit,
        read_only=read_only,
    )


def _run(options: argparse.Namespace, engine: EngineSpec, name: str) -> int:
    screen = _screen_spec(options, engine.sockets / "control.sock", "control", name)
    return guard.run(engine=partial(_engine, engine), screen=partial(_screen, screen))


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
    checked = _checked(partial(_check_way, options.address or "", options.estate, share))
    if not isinstance(checked, str):
        return checked
    session = paths.claim_session(f"view-{checked}")
    log, _ = paths.engine_dir(session.path.name)
    spec = RelaySpec(options.address or "", session.path, log, os.getpid(), share, options.estate)
    screen = replace(_screen_spec(options, session.path / "view.sock", "view", checked), relayed=True)
    return guard.run(engine=partial(_relay, spec), screen=partial(_screen, screen), may_suspend=False)


def _screen_spec(options: argparse.Namespace, address: Path, mode: Mode, estate: str) -> ScreenSpec:
    return ScreenSpec(
        address=address,
        mode=mode,
        estate=estate,
        able=environment.able(environment.initial_environment()),
        asked=Asked(options.theme, options.symbols, options.color, options.times, options.mouse),
        looks_file=paths.looks_file(),
    )


def _engine(spec: EngineSpec) -> NoReturn:
    from console.engine.main import main  # noqa: PLC0415 - in the forked child, never in the guard

    main(spec)


def _relay(spec: RelaySpec) -> NoReturn:
    from console.relay.main import main  # noqa: PLC0415 - in the forked child, never in the guard

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


def _shared(options: argparse.Namespace, estate: str | None = None) -> ShareOptions | int:
    """What is said of sharing, if it is in order, or the status to leave with. ``estate``: a profile says the rest."""
    share = commands_share.told(options)
    if share == ShareOptions():
        return share
    checked = _checked(partial(_check_share, share, estate))
    return share if isinstance(checked, str) else checked


def _check_share(share: ShareOptions, estate: str | None) -> str:
    """The broker's address, if whatever is needed to publish there is in order; nobody is asked."""
    from console.mqtt.opening import sharing_of  # noqa: PLC0415 - in the forked child, never in the guard
    from console.profile_errors import profile_of  # noqa: PLC0415
    from profiles.share import Share  # noqa: PLC0415

    opened = sharing_of(profile_of(estate).share if estate else Share(), share)
    if opened is None and share != ShareOptions(url=NOT_SHARED):
        mend = "Name a broker with `--share`, or in the profile's [share]."
        raise Trouble("A key or a password does nothing where nothing is shared.", mend=mend)
    return opened.broker.url if opened else NOT_SHARED


def _check_profile(estate: str) -> str:
    """The name of the profile, if it is in order."""
    from console.profile_errors import profile_of  # noqa: PLC0415 - in the forked child, never in the guard

    return profile_of(estate).name


def _check_scenario(scenario: str) -> str:
    """The name of the estate in which it plays, if it is in order."""
    from console.demo.scenario.load import load  # noqa: PLC0415

    return load(scenario).estate


def _check_way(url: str, estate: str | None, share: ShareOptions) -> str:
    """What is viewed, as it is called until somebody has said so; where the keys and files are in order."""
    from console.relay.way import way_of  # noqa: PLC0415 - in the forked child, never in the guard

    way = way_of(url, estate, share)
    return way.broker.estate or way.broker.host or "broker"
