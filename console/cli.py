"""What was asked on the command line, and who answers? Nothing heavy is imported before that is known."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

from collectors.errors import Trouble
from console import commands

UNWRITABLE = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the exit status. Every `Trouble` ends here as one line."""
    try:
        try:
            options = commands.parser().parse_args(arguments or ["watch"])
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
        return commands.USAGE_ERROR
