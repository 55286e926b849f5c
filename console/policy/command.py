"""`dbconsole policy`: what does an administrator run, so that a role may do its part and no more?"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from console.specs import RoleWord


def policy(options: argparse.Namespace) -> int:
    """Nothing else is on stdout: it is made to be kept in a file and read before it is run."""
    for line in _of_a_broker(options) if options.mqtt else _lines(options.role, redis=options.redis):
        sys.stdout.write(f"{line}\n")
    return 0


def _of_a_broker(options: argparse.Namespace) -> Iterator[str]:
    from console.policy import mqtt  # noqa: PLC0415

    if options.iot:
        return iter((mqtt.iot(options.role, options.estate),))
    return mqtt.lines(options.role, options.user, options.estate)


def _lines(role: RoleWord, *, redis: bool) -> Iterator[str]:
    if redis:
        from console.policy import redis as of  # noqa: PLC0415 - each is loaded where it is asked for

        return of.lines(role)
    from console.policy import sqlserver  # noqa: PLC0415

    return sqlserver.lines(role)
