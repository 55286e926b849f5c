"""`python -m console` and the installed `dbconsole` are this."""

from __future__ import annotations

import gc
import sys

RARELY = (10_000, 20, 20)  # Python's own looks through all that is known after each few thousand readings


def main() -> int:
    gc.set_threshold(*RARELY)  # of the processes that are forked, too
    from console.cli import run  # noqa: PLC0415 - a module named __main__ is best empty of work

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
