"""What may `dbconsole policy` be told?"""

from __future__ import annotations

import argparse
from typing import Any

from console.specs import ROLES


def add(commands: argparse._SubParsersAction[Any]) -> None:
    policy = commands.add_parser(
        "policy",
        help="the least rights of a role's login on a cache or a SQL Server, to be run there",
        description="Prints what an administrator runs so that a role's login may do its part and no more. Nothing is "
        "run or asked by it; passwords and addresses are left to be put in, and nothing works before they are.",
    )
    policy.add_argument("role", choices=ROLES, metavar="ROLE", help="viewer, operator or admin; admin may flush")
    where = policy.add_mutually_exclusive_group(required=True)
    where.add_argument("--redis", action="store_true",
                       help="a user of Redis or Valkey, for redis-cli and for ElastiCache")  # fmt: skip
    where.add_argument("--sql", action="store_true", help="a login of SQL Server, for sqlcmd")
    policy.set_defaults(answer=_policy)


def _policy(options: argparse.Namespace) -> int:
    from console.policy.command import policy  # noqa: PLC0415

    return policy(options)
