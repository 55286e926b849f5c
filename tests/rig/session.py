"""Who takes the terminal before a program starts on it? Run as a script: `session.py leader|job REPORT STAY COMMAND…`.

leader  the command is the session's leader, as under an SSH ForceCommand
job     the command is a job of a session leader that does as little as a shell may: it reports how the job ended on
        the descriptor REPORT, and stays, with the terminal, until STAY is closed
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import termios


def main() -> None:
    kind, report, stay, command = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    if kind == "leader":
        os.execvpe(command[0], command, _environment())  # noqa: S606 - the tests' own command
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    job = os.fork()
    if job == 0:
        os.close(report)
        os.close(stay)
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execvpe(command[0], command, _environment())  # noqa: S606 - as above
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    _, status = os.waitpid(job, 0)
    os.write(report, str(os.waitstatus_to_exitcode(status)).encode())
    os.close(report)
    os.read(stay, 1)


def _environment() -> dict[bytes, bytes]:
    """As it was given: Python itself adds LC_CTYPE=C.UTF-8 to a locale of C, for its children too."""
    with open("/proc/self/environ", "rb") as raw:
        return dict(entry.split(b"=", 1) for entry in raw.read().split(b"\0") if b"=" in entry)


main()
