"""What was asked on the command line, and who answers? Nothing heavy is imported before that is known."""

from __future__ import annotations

import argparse
import errno
import math
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NoReturn

from collectors.errors import Trouble
from console import __version__

USAGE_ERROR = 3  # 2 would mean CRITICAL to a monitoring system
UNWRITABLE = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
DEMO_ESTATES = ("resilient-database",)


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


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the exit status. Every `Trouble` ends here as one line."""
    try:
        try:
            options = parser().parse_args(arguments)
            return int(options.answer(options))
        finally:
            if sys.stdout is not None:  # closed by whoever started us
                sys.stdout.flush()  # here, where it can still be told why that fails
    except Trouble as trouble:
        print(f"dbconsole: {trouble.line()}", file=sys.stderr)
        return trouble.exit_code
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if error.errno == errno.EPIPE:  # `dbconsole check | head -1`: whoever read has what they wanted
            return 141
        print(f"dbconsole: The answer cannot be written. ({error.strerror}) Write it elsewhere.", file=sys.stderr)
        return USAGE_ERROR


def parser() -> argparse.ArgumentParser:
    top = _Parser(
        prog="dbconsole",
        description="What is broken, since when, why, and what may I safely do about it?",
        epilog="Exit status: 0 fine, 1 warning, 2 critical, 3 unknown or wrong usage.",
    )
    top.add_argument("--version", action=_Version, nargs=0, help="print the versions in use and leave")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_demo(commands)
    _add_view(commands)
    _add_check(commands)
    return top


def _add_demo(commands: argparse._SubParsersAction[_Parser]) -> None:
    demo = commands.add_parser(
        "demo",
        help="the whole console on an embedded estate: no account, no server, no configuration",
        description="The whole console on an embedded estate. Its engine answers from one small model of a workload, "
        "so that metrics, waits, lag and backups agree with each other.",
    )
    demo.add_argument("scenario", nargs="?", type=_estate, default=DEMO_ESTATES[0], metavar="ESTATE",
                      help=f"one of: {', '.join(DEMO_ESTATES)} (default)")  # fmt: skip
    _add_model_options(demo)
    demo.add_argument("--speed", type=_speed, metavar="N",
                      help="how fast its clock runs, 0.1 to 1000 (default 1; with --check: the limit)")  # fmt: skip
    demo.add_argument("--check", action="store_true", help="no screen: play it as fast as it can and report")
    demo.add_argument("--json", action="store_true", help="with --check: one JSON document")
    demo.add_argument("--seconds", type=_seconds, default=300, metavar="N",
                      help="with --check: how many simulated seconds to play, 1 to 86400 (default 300)")  # fmt: skip
    _add_looks(demo)
    demo.set_defaults(answer=_demo)


def _add_view(commands: argparse._SubParsersAction[_Parser]) -> None:
    view = commands.add_parser(
        "view",
        help="read-only viewer of a running console",
        description="Read-only viewer of a running console: no action can be taken from here, by anyone.",
    )
    view.add_argument("address", nargs="?", metavar="SOCKET",
                      help="path of its view.sock; without it, the only console that runs under this user")  # fmt: skip
    view.add_argument("--once", action="store_true", help="print the present as text and leave")
    view.add_argument("--json", action="store_true", help="with --once: the check document")
    _add_looks(view)
    view.set_defaults(answer=_view)


def _add_check(commands: argparse._SubParsersAction[_Parser]) -> None:
    check = commands.add_parser(
        "check",
        help="one shot for a monitoring system: a Nagios line, exit status 0 1 2 3",
        description="Runs every collector twice, five seconds apart, and says how the estate is.",
    )
    check.add_argument("--demo", nargs="?", type=_estate, const=DEMO_ESTATES[0], required=True, metavar="ESTATE",
                       help="check the embedded estate")  # fmt: skip
    check.add_argument("--json", action="store_true", help="one JSON document")
    _add_model_options(check)
    check.set_defaults(answer=_check)


def _add_model_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--seed", type=int, default=1, metavar="N", help="of the model's noise (default 1)")
    command.add_argument("--start", type=_time, default=None, metavar="TIME",
                         help="the estate's clock at the start, ISO 8601 in UTC (default now)")  # fmt: skip


def _add_looks(command: argparse.ArgumentParser) -> None:
    command.add_argument("--symbols", choices=("auto", "braille", "block", "ascii"), default="auto",
                         help="what charts and marks are drawn with; auto asks the locale and TERM")  # fmt: skip
    command.add_argument("--color", choices=("auto", "never"), default="auto", help="auto obeys NO_COLOR")
    command.add_argument("--mouse", action="store_true", help="take the mouse too: over SSH each move costs bytes")


def _demo(options: argparse.Namespace) -> int:
    if options.check:
        from console.oneshot import play_demo  # noqa: PLC0415

        return play_demo(options)
    if options.json:
        raise Trouble("`--json` goes with `--check`.", mend="Try `dbconsole demo --check --json`.")
    from console.launch import watch_demo  # noqa: PLC0415

    return watch_demo(options)


def _view(options: argparse.Namespace) -> int:
    if options.once:
        from console.oneshot import view_once  # noqa: PLC0415

        return view_once(options)
    if options.json:
        raise Trouble("`--json` goes with `--once`.", mend="Try `dbconsole view --once --json`.")
    from console.launch import watch_view  # noqa: PLC0415

    return watch_view(options)


def _check(options: argparse.Namespace) -> int:
    from console.oneshot import check_demo  # noqa: PLC0415

    return check_demo(options)


def _estate(text: str) -> str:
    if text not in DEMO_ESTATES:
        raise argparse.ArgumentTypeError(f"no estate {text!r} is shipped; there is {', '.join(DEMO_ESTATES)}")
    return text


def _speed(text: str) -> float:
    value = _number(text)
    if not 0.1 <= value <= 1000:
        raise argparse.ArgumentTypeError(f"{text} is not between 0.1 and 1000")
    return value


def _seconds(text: str) -> int:
    value = _number(text)
    if not 1 <= value <= 86_400 or value != int(value):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of seconds from 1 to 86400")
    return int(value)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    return value if math.isfinite(value) else -1


def _time(text: str) -> datetime:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2026-01-31T09:30:00Z") from None
    value = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if not 2000 <= value.year <= 2100:
        raise argparse.ArgumentTypeError(f"{text} is not between the years 2000 and 2100")
    return value
