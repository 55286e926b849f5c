"""What may `view` be told, and who answers? Standard library only, as all that is read before the forks."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from collectors.errors import Trouble
from console.believed import believe_no_more, keep_nothing_for_others
from console.view_address import BROKERS, is_by_broker

OF_A_BROKER = ("key", "identity", "password_file", "ca_file")


def add(commands: argparse._SubParsersAction[Any], add_looks: Callable[[argparse.ArgumentParser], None]) -> None:
    view = commands.add_parser(
        "view",
        help="read-only viewer of a running console",
        description="Read-only viewer of a running console: no action can be taken from here, by anyone.",
    )
    view.add_argument("address", nargs="?", metavar="SOCKET|URL",
                      help="path of its view.sock, or the broker that it is shared by: mqtts://[USER@]HOST[:PORT], "
                      "mqtt://…, unix:/PATH; without it, the only console that runs under this user")  # fmt: skip
    view.add_argument("-e", "--estate", metavar="ESTATE",
                      help="a profile's name or file: its [share] says by which broker, and whose key is "
                      "believed")  # fmt: skip
    view.add_argument("--key", type=Path, metavar="FILE",
                      help="public keys whose signature is believed, a line each, and not the profile's")  # fmt: skip
    view.add_argument("--identity", type=Path, metavar="FILE",
                      help="your own private key, which proves who asks for the lead or writes a note")  # fmt: skip
    view.add_argument("--password-file", type=Path, metavar="FILE",
                      help="the broker's password, in a file of mode 0600")  # fmt: skip
    view.add_argument("--ca-file", type=Path, metavar="FILE",
                      help="certificates that the broker's is checked by")  # fmt: skip
    view.add_argument("--once", action="store_true", help="print the present as text and leave")
    view.add_argument("--json", action="store_true", help="with --once: the check document")
    add_looks(view)
    view.set_defaults(answer=_view)


def _view(options: argparse.Namespace) -> int:
    believe_no_more(os.environ)
    keep_nothing_for_others(os.environ)
    _refuse_what_is_not_heard(options)
    if options.once:
        from console.view_once import view_once  # noqa: PLC0415

        return view_once(options)
    if options.json:
        raise Trouble("`--json` goes with `--once`.", mend="Try `dbconsole view --once --json`.")
    from console.launch import watch_view  # noqa: PLC0415

    return watch_view(options)


def _refuse_what_is_not_heard(options: argparse.Namespace) -> None:
    """An option that would do nothing is a mistake of somebody who believes that it does."""
    if is_by_broker(options):
        if options.address is not None and not options.address.startswith(BROKERS):
            mend = "Leave out one."
            raise Trouble("`-e` says by which broker, and a socket needs none.", seen=options.address, mend=mend)
        return
    named = [f"--{name.replace('_', '-')}" for name in OF_A_BROKER if getattr(options, name) is not None]
    if named:
        mend = "Name the broker, as mqtts://HOST, or leave it out."
        raise Trouble(f"`{named[0]}` is about a broker, and a socket needs none.", mend=mend)
