"""What may a command be told of sharing what it shows?"""

from __future__ import annotations

import argparse
from pathlib import Path

from collectors.errors import Trouble
from console.specs import NOT_SHARED, ShareOptions


def add(command: argparse.ArgumentParser) -> None:
    share = command.add_argument_group(
        "sharing", "What is not said here may be in the profile's [share]: see docs/sharing.md. A password is in "
        "DBCONSOLE_SHARE_PASSWORD, or in a file.",
    )  # fmt: skip
    share.add_argument("--share", metavar="URL",
                       help="publish to a broker: mqtts://[USER@]HOST[:PORT], mqtt://… on this machine, unix:/PATH; "
                            f"{NOT_SHARED}: not at all, whatever the profile says")  # fmt: skip
    share.add_argument("--identity", type=Path, metavar="FILE",
                       help="the private key of what is published, as ssh-keygen -t ed25519 makes it")  # fmt: skip
    share.add_argument("--password-file", type=Path, metavar="FILE",
                       help="the broker's password, in a file of mode 0600")  # fmt: skip


def told(options: argparse.Namespace) -> ShareOptions:
    return ShareOptions(url=options.share, identity=options.identity, password_file=options.password_file)


def refuse(options: argparse.Namespace, beside: str) -> None:
    """Where nothing is shared an option about that would do nothing."""
    said = {"--share": options.share, "--identity": options.identity, "--password-file": options.password_file}
    for name, value in said.items():
        if value is not None:
            raise Trouble(f"`{name}` does not go with `{beside}`: nothing is shared there.", mend="Leave out one.")
