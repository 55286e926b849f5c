"""What is a new engine told, and is there one already? Standard library only: it runs before the forks."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import NoReturn

from collectors.errors import Trouble
from console import commands_share, paths, running
from console.running import Command, Found, Started
from console.specs import DEMO, NOT_SHARED, AwsOptions, EngineSpec, Play, ShareOptions

DEFAULT_ESTATE = "default"


@dataclass(frozen=True, slots=True)
class Claim:
    """The directory of an engine that is to be started, and why it does not use one that runs."""

    session: paths.Session
    why: str = ""


def estate_wanted(command: Command, options: argparse.Namespace) -> Started | int:
    """Which estate in AWS, or the status to leave with."""
    told = checked(partial(_check_profile, options.estate or DEFAULT_ESTATE))
    if not isinstance(told, str):
        return told
    name, source, url = told.split("\n")
    share = shared(options, options.estate or DEFAULT_ESTATE)
    if not isinstance(share, ShareOptions):
        return share
    aws = running.aws_as_asked(_aws(options), os.environ)
    where = share.url or url or None
    return Started(command, name, source, options.read_only, aws=aws, share=None if where == NOT_SHARED else where)


def demo_wanted(command: Command, options: argparse.Namespace) -> Started | int:
    """Which play, or the status to leave with."""
    scenario = options.demo if command == "collect" else options.scenario
    plain = scenario == DEMO  # nothing to find fault with, and the sooner it is seen the better
    estate = scenario if plain else checked(partial(check_scenario, scenario))
    if not isinstance(estate, str):
        return estate
    share = shared(options)
    if not isinstance(share, ShareOptions):
        return share
    play = {name: getattr(options, name) for name in ("seed", "size", "wire", "driver", "role", "speed")}
    play["start"] = options.start.isoformat() if options.start else None
    source = os.path.abspath(scenario) if os.path.exists(scenario) else scenario
    where = None if share.url == NOT_SHARED else share.url
    return Started(command, estate, source, options.read_only, play=play, share=where)


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
        share=commands_share.told(options),
    )


def shared(options: argparse.Namespace, estate: str | None = None) -> ShareOptions | int:
    """What is said of sharing, if it is in order, or the status to leave with. ``estate``: a profile says the rest."""
    share = commands_share.told(options)
    if share == ShareOptions():
        return share
    found = checked(partial(_check_share, share, estate))
    return share if isinstance(found, str) else found


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


def run_engine(spec: EngineSpec) -> NoReturn:
    """In a process of its own."""
    from console.engine.main import main  # noqa: PLC0415 - in the forked child, never in the guard

    main(spec)


def checked(look: Callable[[], str]) -> str | int:
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


def _check_share(options: ShareOptions, estate: str | None) -> str:
    """The broker's address, if whatever is needed to publish there is in order; nobody is asked."""
    from console.mqtt.embedded import is_embedded, place_of  # noqa: PLC0415 - in the forked child, never in the guard
    from console.mqtt.opening import address, sharing_of, signer_for  # noqa: PLC0415
    from console.profile_errors import profile_of  # noqa: PLC0415
    from profiles.share import Share  # noqa: PLC0415

    share = profile_of(estate).share if estate else Share()
    url = address(share, options)
    if url is not None and is_embedded(url):
        if options.password_file is not None:
            mend = "Leave it out: the engine makes one, and tells where it is."
            raise Trouble("`--password-file` does nothing beside `--share embedded`.", mend=mend)
        signer_for(share, options)
        return place_of(url, share).host
    opened = sharing_of(share, options)
    if opened is None and options != ShareOptions(url=NOT_SHARED):
        mend = "Name a broker with `--share`, or in the profile's [share]."
        raise Trouble("A key or a password does nothing where nothing is shared.", mend=mend)
    return opened.broker.url if opened else NOT_SHARED


def _check_profile(estate: str) -> str:
    """The name of the profile, if it is in order, its file, and where it is shared."""
    from console.profile_errors import profile_of  # noqa: PLC0415 - in the forked child, never in the guard
    from profiles.load import find  # noqa: PLC0415

    profile = profile_of(estate)
    return f"{profile.name}\n{find(estate).absolute()}\n{profile.share.url or ''}"


def check_scenario(scenario: str) -> str:
    """The name of the estate in which it plays, if it is in order."""
    from console.demo.scenario.load import load  # noqa: PLC0415

    return load(scenario).estate
