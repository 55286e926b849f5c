"""Which commands are there, and what may each be told? The answers are imported once one is asked for."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

from collectors.errors import Trouble
from console import __version__, commands_audit, commands_policy, commands_profile, commands_share, commands_view
from console import options as kinds
from console.environment import COLOUR_WORDS, SYMBOL_WORDS
from console.specs import DEMO, ROLES
from widgets.themes import THEMES

MODEL = {"seed": 1, "size": None, "start": None, "wire": False, "driver": ""}  # the demo's, where nothing else is said
USAGE_ERROR = 3  # 2 would mean CRITICAL to a monitoring system


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(USAGE_ERROR, f"{self.prog}: {message} (see `{self.prog} --help`)\n")


class _Version(argparse.Action):
    """Prints the versions that a bug report needs, read from metadata: nothing is imported for it."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib import metadata  # noqa: PLC0415

        parts = [f"Python {sys.version.split()[0]}"]
        for package in ("textual", "boto3"):
            try:
                parts.append(f"{package} {metadata.version(package)}")
            except metadata.PackageNotFoundError:
                parts.append(f"{package} missing")
        print(f"dbconsole {__version__} ({', '.join(parts)})")
        parser.exit(0)


def parser() -> argparse.ArgumentParser:
    top = _Parser(
        prog="dbconsole",
        description="What is broken, since when, why, and what may I safely do about it?",
        epilog="Without a command: watch the default estate. Exit status: 0 fine, 1 warning, 2 critical, 3 unknown or "
        "wrong usage.",
    )
    top.add_argument("--version", action=_Version, nargs=0, help="print the versions in use and leave")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_watch(commands)
    _add_demo(commands)
    commands_view.add(commands, _add_looks)
    _add_check(commands)
    commands_profile.add(commands)
    commands_audit.add(commands)
    commands_policy.add(commands)
    return top


def _add_watch(commands: argparse._SubParsersAction[_Parser]) -> None:
    watch = commands.add_parser(
        "watch",
        help="an estate in AWS, live",
        description="An estate in AWS, live. What one may do here is what IAM grants, asked of STS at the start.",
    )
    _add_estate(watch)
    _add_read_only(watch)
    commands_share.add(watch)
    _add_looks(watch)
    watch.set_defaults(answer=_watch)


def _add_demo(commands: argparse._SubParsersAction[_Parser]) -> None:
    demo = commands.add_parser(
        "demo",
        help="the whole console on an embedded estate: no account, no server, no configuration",
        description="The whole console on an embedded estate. Its engine reads an emulated AWS that answers from one "
        "small model of a workload, so that metrics, waits, lag and backups agree with each other.",
    )
    demo.add_argument("scenario", nargs="?", default=DEMO, metavar="SCENARIO",
                      help="a shipped estate or scenario, or a file (default: an ordinary day)")  # fmt: skip
    demo.add_argument("--list", action="store_true", help="name the shipped estates and scenarios, and leave")
    _add_model_options(demo)
    demo.add_argument("--role", choices=ROLES, default="operator",
                      help="what its AWS lets you do: viewer, operator or admin (default operator)")  # fmt: skip
    demo.add_argument("--join", metavar="URL",
                      help="play on the emulated AWS of another console of this machine")  # fmt: skip
    demo.add_argument("--speed", type=kinds.speed, metavar="N",
                      help="how fast its clock runs, 0.1 to 1000 (default 1; with --check: the limit)")  # fmt: skip
    demo.add_argument("--check", action="store_true", help="no screen: play it as fast as it can and report")
    demo.add_argument("--json", action="store_true", help="with --check or --list: one JSON document")
    demo.add_argument("--seconds", type=kinds.seconds, default=None, metavar="N",
                      help="with --check: how many simulated seconds to play, 1 to 86400 (default: as long as the "
                      "scenario lasts, else 300)")  # fmt: skip
    _add_read_only(demo)
    commands_share.add(demo)
    _add_looks(demo)
    demo.set_defaults(answer=_demo)


def _add_check(commands: argparse._SubParsersAction[_Parser]) -> None:
    check = commands.add_parser(
        "check",
        help="one shot for a monitoring system: a Nagios line, exit status 0 1 2 3",
        description="Says how the estate is: by asking the engine that watches it, where one runs; else by running "
        "every collector twice, five seconds apart.",
    )
    which = check.add_mutually_exclusive_group()
    _add_estate(check, which)
    which.add_argument("--demo", nargs="?", const=DEMO, metavar="SCENARIO", help="check the embedded estate")
    check.add_argument("--json", action="store_true", help="one JSON document")
    _add_model_options(check)
    check.set_defaults(answer=_check)


def _add_estate(command: argparse.ArgumentParser, which: argparse._ActionsContainer | None = None) -> None:
    (which or command).add_argument("-e", "--estate", metavar="ESTATE",
                                    help="a profile's name or file (default: the profile named default)")  # fmt: skip
    command.add_argument("--profile", metavar="NAME", help="AWS's own: a profile of ~/.aws/config")
    command.add_argument("--region", metavar="REGION", help="AWS's own: read this region")


def _add_read_only(command: argparse.ArgumentParser) -> None:
    command.add_argument("--read-only", action="store_true",
                         help="change nothing, whatever IAM grants: no part that could is loaded")  # fmt: skip


def _add_model_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--seed", type=int, default=MODEL["seed"], metavar="N",
                         help="of the model's noise (default 1)")  # fmt: skip
    command.add_argument("--size", type=kinds.size, default=MODEL["size"], metavar="N",
                         help="resources in it (default: as many as the estate has, 12 or 10)")  # fmt: skip
    command.add_argument("--start", type=kinds.time, default=None, metavar="TIME",
                         help="the estate's clock at the start, ISO 8601 in UTC (default now)")  # fmt: skip
    command.add_argument("--wire", action="store_true",
                         help="ask its SQL Servers over TDS, through an ODBC driver of this machine, and its caches as "
                              "real redis-servers, where that program is installed")  # fmt: skip
    command.add_argument("--driver", default=MODEL["driver"], metavar="NAME|PATH",
                         help="with --wire: which driver (default: the best there is)")  # fmt: skip


def _add_looks(command: argparse.ArgumentParser) -> None:
    looks = command.add_argument_group("looks", "What is not said here may be in console.toml: see docs/looks.md.")
    looks.add_argument("--theme", choices=tuple(THEMES), metavar="NAME", help=", ".join(THEMES))
    looks.add_argument("--symbols", choices=SYMBOL_WORDS,
                       help="what charts and marks are drawn with; auto asks the locale and TERM")  # fmt: skip
    looks.add_argument("--color", choices=COLOUR_WORDS,
                       help="how many colours; auto asks NO_COLOR, COLORTERM and TERM")  # fmt: skip
    looks.add_argument("--utc", dest="times", action="store_const", const="utc",
                       help="times in UTC, whatever the file says")  # fmt: skip
    looks.add_argument("--mouse", action=argparse.BooleanOptionalAction, default=None,
                       help="take the mouse (default: not over SSH, where each move costs bytes)")  # fmt: skip


def _watch(options: argparse.Namespace) -> int:
    from console.launch import watch_estate  # noqa: PLC0415

    return watch_estate(options)


def _demo(options: argparse.Namespace) -> int:
    if options.list:
        from console.oneshot import list_demos  # noqa: PLC0415

        return list_demos(options)
    _require_what_the_demo_needs(options)
    if options.join:
        from console.demo import joining  # noqa: PLC0415 - for those who join

        joining.require_nothing_of_its_own(options, {**MODEL, "scenario": DEMO, "speed": None, "role": "operator"})
    if options.check:
        commands_share.refuse(options, "--check")
        from console.oneshot import play_demo  # noqa: PLC0415

        return play_demo(options)
    if options.json:
        raise Trouble("`--json` goes with `--check` or `--list`.", mend="Try `dbconsole demo --check --json`.")
    from console.launch import watch_demo  # noqa: PLC0415

    return watch_demo(options)


def _check(options: argparse.Namespace) -> int:
    from console.oneshot import check_demo, check_estate  # noqa: PLC0415

    _refuse_what_is_not_heard(options)
    if not options.demo:
        return check_estate(options)
    _require_what_the_demo_needs(options)
    return check_demo(options)


def _require_what_the_demo_needs(options: argparse.Namespace) -> None:
    if options.driver and not options.wire:
        raise Trouble("`--driver` goes with `--wire`.", mend="Add `--wire`, or leave it out.")
    from console.demo import needs  # noqa: PLC0415 - a viewer loads nothing of the demo

    needs.require()


def _refuse_what_is_not_heard(options: argparse.Namespace) -> None:
    """An option that would do nothing is a mistake of somebody who believes that it does."""
    of_aws = [f"--{name}" for name in ("profile", "region") if getattr(options, name)]
    of_demo = [f"--{name}" for name, default in MODEL.items() if getattr(options, name) != default]
    if options.demo and of_aws:
        raise Trouble(f"`{of_aws[0]}` is about AWS, and `--demo` asks the embedded estate.", mend="Leave out one.")
    if not options.demo and of_demo:
        raise Trouble(f"`{of_demo[0]}` is about the embedded estate.", mend="Add `--demo`, or leave it out.")
