"""Which commands does `dbconsole profile` have, and what may each be told?"""

from __future__ import annotations

import argparse
from typing import Any


def add(commands: argparse._SubParsersAction[Any]) -> None:
    profile = commands.add_parser(
        "profile",
        help="what is watched and what healthy means: check it, show it, its schema",
        description="A profile says what belongs to an estate and what healthy means in it. One's own are in "
        "$XDG_CONFIG_HOME/dbconsole/profiles (else ~/.config/...), and come before the shipped ones.",
    )
    asked = profile.add_subparsers(title="commands", metavar="COMMAND", required=True)
    check = asked.add_parser(
        "check",
        help="a line for each that is right, and for each fault of those that are not",
        description="A line for each profile that is right and for each fault of those that are not. Exit status: 0 "
        "when all are right, else 3.",
    )
    check.add_argument("profiles", nargs="*", metavar="NAME|FILE", help="which (default: one's own and the shipped)")
    check.set_defaults(answer=_profile_check)
    show = asked.add_parser(
        "show",
        help="one profile with its defaults filled in",
        description="One profile with its defaults filled in, as TOML that is a profile itself.",
    )
    show.add_argument("profile", metavar="NAME|FILE", help="which")
    show.add_argument("--json", action="store_true", help="one JSON document")
    show.set_defaults(answer=_profile_show)
    schema = asked.add_parser(
        "schema",
        help="all that a profile may say, as a JSON schema",
        description="All that a profile may say, with the meaning of each key, as a JSON schema for an editor.",
    )
    schema.set_defaults(answer=_profile_schema)


def _profile_check(options: argparse.Namespace) -> int:
    from console.profile_command import check  # noqa: PLC0415

    return check(options)


def _profile_show(options: argparse.Namespace) -> int:
    from console.profile_command import show  # noqa: PLC0415

    return show(options)


def _profile_schema(options: argparse.Namespace) -> int:
    from console.profile_command import schema  # noqa: PLC0415

    return schema(options)
