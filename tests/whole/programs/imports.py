"""dbconsole, with a list of what it loads: `imports FILE ARGUMENT…`. Each of its processes adds to FILE."""

from __future__ import annotations

import os
import sys


def main() -> int:
    fd = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.set_inheritable(fd, True)

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        if event == "import":
            os.write(fd, f"{arguments[0]}\n".encode())

    os.write(fd, "".join(f"{name}\n" for name in sys.modules).encode())
    sys.addaudithook(heard)
    from console.cli import run  # noqa: PLC0415 - what this loads is to be heard

    return run(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
