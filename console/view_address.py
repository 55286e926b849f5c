"""Where is what is to be viewed: a socket of this host, or a broker? Standard library only."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from collectors.errors import Trouble
from console import paths
from console.specs import ShareOptions

BROKERS = ("mqtt://", "mqtts://", "unix:")  # what the address of one begins with


def view_address(given: str | None) -> Path:
    """The socket that was named, or that of the only console that runs here."""
    if given:
        path = Path(given)
        return path / "view.sock" if os.path.isdir(path) else path  # pathlib's raises where we may not look
    running = paths.sessions()
    if len(running) == 1:
        return running[0] / "view.sock"
    if not running:
        raise Trouble("No console runs under this user.", mend="Start `dbconsole demo`, or name the socket to view.")
    names = ", ".join(str(path / "view.sock") for path in running)
    raise Trouble("More than one console runs here.", seen=names, mend="Name one: `dbconsole view SOCKET`.")


def is_by_broker(options: argparse.Namespace) -> bool:
    return options.estate is not None or (options.address or "").startswith(BROKERS)


def share_options(options: argparse.Namespace) -> ShareOptions:
    return ShareOptions(
        url=options.address,
        identity=options.identity,
        trusted=options.key,
        password_file=options.password_file,
        ca_file=options.ca_file,
    )
