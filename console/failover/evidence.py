"""Each knock as a row of a file, for whoever asks later how the time was measured. Bounded, and appended to only."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path

from collectors.knock.knock import Knock

FORMAT = 1
MOST_BYTES = 16 << 20  # a failover that never ends must not fill a disk
COLUMNS = ("began", "ended", "door", "may_log_in", "node", "address", "said")
_FULL = "# full: later knocks are not kept\n"


def append(path: Path, about: str, knocks: Iterable[Knock]) -> None:
    """Blocks. Whole rows in one write, so that a crash tears at most the last. `OSError` where it cannot be written."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(path, flags, 0o600)
    try:
        size = os.fstat(fd).st_size
        if size >= MOST_BYTES:
            return
        text = ("" if size else _head(about)) + _rows(knocks)
        told = text.encode()
        if size + len(told) >= MOST_BYTES:  # the line that says so may stand behind the bound
            told += _FULL.encode() + b" " * max(0, MOST_BYTES - size - len(told) - len(_FULL))
        os.write(fd, told)
    finally:
        os.close(fd)


def _head(about: str) -> str:
    return f"# dbconsole knocks, format {FORMAT}: {about}\n{','.join(COLUMNS)}\n"


def _rows(knocks: Iterable[Knock]) -> str:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    for knock in knocks:
        may = "" if knock.may_log_in is None else "yes" if knock.may_log_in else "no"
        times = (each.isoformat(timespec="milliseconds") for each in (knock.began, knock.ended))
        table.writerow((*times, knock.door, may, knock.node, knock.address, knock.said))
    return out.getvalue()
