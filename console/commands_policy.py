"""What may `dbconsole policy` be told?"""

from __future__ import annotations

import argparse
from typing import Any

from collectors.errors import Trouble
from console.specs import ROLES

COLLECTOR = "collector"  # who publishes: a role of brokers only


def add(commands: argparse._SubParsersAction[Any]) -> None:
    policy = commands.add_parser(
        "policy",
        help="the least rights of a role on a cache, a SQL Server or a broker, to be put there",
        description="Prints what an administrator runs so that a role's login may do its part and no more. Nothing is "
        "run or asked by it; passwords and addresses are left to be put in, and nothing works before they are.",
    )
    policy.add_argument("role", choices=(*ROLES, COLLECTOR), metavar="ROLE",
                        help="viewer, operator or admin; admin may flush; with --mqtt collector, too")  # fmt: skip
    where = policy.add_mutually_exclusive_group(required=True)
    where.add_argument("--redis", action="store_true",
                       help="a user of Redis or Valkey, for redis-cli and for ElastiCache")  # fmt: skip
    where.add_argument("--sql", action="store_true", help="a login of SQL Server, for sqlcmd")
    where.add_argument("--mqtt", action="store_true", help="an ACL file of Mosquitto, for what is shared")
    policy.add_argument("--iot", action="store_true", help="with --mqtt: a policy of AWS IoT Core, in its place")
    policy.add_argument("--user", action="append", type=_name, metavar="NAME", default=[],
                        help="with --mqtt: for these alone, and not for whoever logs in")  # fmt: skip
    policy.add_argument("--estate", type=_name, metavar="NAME", help="with --mqtt: of this estate alone")
    policy.set_defaults(answer=_policy)


def _name(text: str) -> str:
    """It becomes a line of a file in which a line grants rights."""
    if not text.isprintable() or not text or text != text.strip():
        raise argparse.ArgumentTypeError("this is no name: it is empty, or has characters that cannot be seen")
    return text


def _policy(options: argparse.Namespace) -> int:
    from console.policy.command import policy  # noqa: PLC0415

    if not options.mqtt:
        if options.role == COLLECTOR:
            raise Trouble("Only a broker knows a collector.", mend="Try `dbconsole policy collector --mqtt`.")
        for name in ("iot", "user", "estate"):
            if getattr(options, name):
                raise Trouble(f"`--{name}` goes with `--mqtt`.", mend="Add `--mqtt`, or leave it out.")
    if options.iot and options.user:
        mend = "Leave it out: in AWS IoT Core people are told apart by the names in their certificates."
        raise Trouble("`--user` does not go with `--iot`.", mend=mend)
    return policy(options)
