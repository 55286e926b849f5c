"""Which commands does `dbconsole audit` have, and what may each be told?"""

from __future__ import annotations

import argparse
from typing import Any

from console import options as kinds


def add(commands: argparse._SubParsersAction[Any]) -> None:
    audit = commands.add_parser(
        "audit",
        help="what was done, by whom and how it ended; and whether that record is whole",
        description="What was done, by whom and how it ended, and whether that record is whole.",
    )
    asked = audit.add_subparsers(title="commands", metavar="COMMAND", required=True)
    verify = asked.add_parser(
        "verify",
        help="whether the trail is what was written",
        description="Whether the trail is what was written. Exit status: 0 it is, 1 tampered with, 2 an end is torn, 3 "
        "wrong usage, 4 a segment is missing, 5 an anchor knows otherwise, 6 it cannot be read.",
    )
    _add_trail(verify)
    verify.add_argument("--anchor", metavar="FILE",
                        help="where heads were told, or a journal (default: the file beside)")  # fmt: skip
    verify.set_defaults(answer=_audit_verify)
    show = asked.add_parser(
        "show",
        help="the records, a line for each",
        description="The records, a line for each. Those that only say where heads were told are in the JSON alone.",
    )
    _add_trail(show)
    show.add_argument("--op", metavar="ID", help="of one action alone")
    show.add_argument("--since", type=kinds.time, metavar="TIME", help="ISO 8601 in UTC")
    show.add_argument("--json", action="store_true", help="one JSON document for each line")
    show.set_defaults(answer=_audit_show)
    export = asked.add_parser(
        "export",
        help="the records for somebody else, with what proves them and what was masked",
        description="The records for somebody else, in a new folder: with the state of the chain, what was masked, and "
        "SHA256SUMS. Exit status as of `audit verify`.",
    )
    _add_trail(export)
    export.add_argument("--format", choices=("jsonl", "md", "csv", "html"), default="jsonl", help="default jsonl")
    export.add_argument("--from", dest="since", type=kinds.time, metavar="TIME", help="the first, ISO 8601 in UTC")
    export.add_argument("--to", dest="until", type=kinds.time, metavar="TIME", help="before this time")
    export.add_argument("--out", required=True, metavar="FOLDER", help="that is not there yet")
    export.set_defaults(answer=_audit_export)
    diff = asked.add_parser(
        "diff",
        help="whether CloudTrail agrees: what each knows without the other",
        description="Whether CloudTrail agrees: actions that AWS does not know, those it took twice, and changes by "
        "our roles that no record tells of. Exit status: 0 they agree, 1 they do not, 6 one cannot be read.",
    )
    _add_trail(diff)
    of = diff.add_mutually_exclusive_group(required=True)
    of.add_argument("--op", metavar="ID", help="the time of one action")
    of.add_argument("--since", type=kinds.time, metavar="TIME", help="all since then, ISO 8601 in UTC")
    diff.add_argument("--profile", metavar="NAME", help="AWS's own: a profile of ~/.aws/config")
    diff.add_argument("--region", metavar="REGION", help="ask this one (default: where the records' resources are)")
    diff.set_defaults(answer=_audit_diff)


def _add_trail(command: argparse.ArgumentParser) -> None:
    which = command.add_mutually_exclusive_group()
    which.add_argument("--dir", metavar="FOLDER", help="of the trail (default: this user's)")
    which.add_argument("--demo", action="store_true", help="the demo's trail")


def _audit_verify(options: argparse.Namespace) -> int:
    from console.audit.command import verify  # noqa: PLC0415

    return verify(options)


def _audit_show(options: argparse.Namespace) -> int:
    from console.audit.command import show  # noqa: PLC0415

    return show(options)


def _audit_export(options: argparse.Namespace) -> int:
    from console.audit.command import export  # noqa: PLC0415

    return export(options)


def _audit_diff(options: argparse.Namespace) -> int:
    from console.audit.command import diff  # noqa: PLC0415

    return diff(options)
