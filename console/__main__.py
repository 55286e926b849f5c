"""`python -m console` and the installed `dbconsole` are this."""

from __future__ import annotations

import sys


def main() -> int:
    from console.cli import run  # noqa: PLC0415 - a module named __main__ is best empty of work

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
