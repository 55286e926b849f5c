"""A slow line between a terminal and a program. Run as a script: `slow_line.py BITS_PER_S ROUND_TRIP_MS COMMAND…`.

The program has a terminal of its own, of the same size. What it shows and what is typed take their time: so many bits
a second, each way, and half the round trip. What the line has no room for waits in the program's own terminal, as it
does behind a connection whose window is full.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import sys
import termios
import time
import tty
from collections import deque

ROOM = 16 * 1024  # bytes under way at once, each way
PIECE = 160  # bytes that arrive together: 20 ms of 64 kbit/s
SIZE = 8  # bytes of a terminal's size, as the kernel tells it


class Line:
    """One way of it. What is put in now comes out later, in order."""

    def __init__(self, bits_per_s: float, delay_s: float) -> None:
        self._bytes_per_s = bits_per_s / 8
        self._delay_s = delay_s
        self._free = 0.0  # when the next byte may set out
        self._under_way: deque[tuple[float, bytes]] = deque()
        self._size = 0

    @property
    def room(self) -> int:
        return max(0, ROOM - self._size)

    @property
    def next_at(self) -> float | None:
        """When something arrives next."""
        return self._under_way[0][0] if self._under_way else None

    def put(self, data: bytes, now: float) -> None:
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            self._free = max(self._free, now) + len(piece) / self._bytes_per_s
            self._under_way.append((self._free + self._delay_s, piece))
            self._size += len(piece)

    def arrived(self, now: float) -> bytes:
        """What has come out by now."""
        pieces = []
        while self._under_way and self._under_way[0][0] <= now:
            pieces.append(self._under_way.popleft()[1])
            self._size -= len(pieces[-1])
        return b"".join(pieces)


def main() -> int:
    bits_per_s, round_trip_ms, command = float(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    child, far = pty.fork()
    if child == 0:
        os.execvp(command[0], command)  # noqa: S606 - the tests' own command

    def same_size(*_: object) -> None:
        fcntl.ioctl(far, termios.TIOCSWINSZ, fcntl.ioctl(0, termios.TIOCGWINSZ, bytes(SIZE)))

    same_size()
    signal.signal(signal.SIGWINCH, same_size)
    modes = termios.tcgetattr(0)
    tty.setraw(0)
    try:
        carry(far, *(Line(bits_per_s, round_trip_ms / 2000) for _ in range(2)))
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, modes)
    os.close(far)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def carry(far: int, out: Line, back: Line) -> None:
    """Until the program has ended and all that it showed has arrived."""
    ended = False
    while not ended or out.next_at is not None:
        sources = ([far] if out.room and not ended else []) + ([0] if back.room and not ended else [])
        due = [at for at in (out.next_at, back.next_at) if at is not None]
        wait = max(0.0, min(due) - time.monotonic()) if due else None
        ready = select.select(sources, [], [], wait)[0]
        now = time.monotonic()
        if far in ready:
            shown = _read(far, out.room)
            out.put(shown, now)
            ended = not shown
        if 0 in ready:
            back.put(_read(0, back.room), now)
        _write(1, out.arrived(now))
        if not ended:
            _write(far, back.arrived(now))


def _read(fd: int, room: int) -> bytes:
    """Nothing where the other side has gone."""
    try:
        return os.read(fd, room)
    except OSError:
        return b""


def _write(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


if __name__ == "__main__":
    sys.exit(main())
