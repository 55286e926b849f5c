"""How long does it take to verify 100,000 records, and how much memory? And is any byte of 1,000 changed unseen?

Run it with `./dev bench audit`. Exit status 1 when a target is missed.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from pathlib import Path

from console.audit.anchors import default_file, known
from console.audit.record import Event
from console.audit.verify import verify
from console.audit.walk import Link, Walk
from tests.audit.keeping import RESOURCE, keep, written

RECORDS = 100_000
MOST_S, MOST_MIB = 10.0, 100.0
EACH_BYTE_OF = 1000  # records
CHANGES: tuple[Callable[[int], int], ...] = (lambda byte: byte ^ 1, lambda byte: byte ^ 0x20, lambda _: 10)


def main() -> int:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "audit"
        trail = keep(folder)
        begun = time.perf_counter()
        for number in range(1000):
            trail.write(Event.SENT, op="O1", res=RESOURCE, data={"number": number, "reason": "x" * 100})
        durable = (time.perf_counter() - begun) / 1000
        for number in range(RECORDS - 1003):
            trail.write(Event.PROGRESS, op="O1", res=RESOURCE, data={"number": number, "reason": "x" * 100})
        trail.close()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun = time.perf_counter()
        verdict = verify(folder, known(default_file(folder)) if default_file(folder).exists() else None)
        took = time.perf_counter() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"one durable record: {durable * 1000:.2f} ms")
    print(f"{verdict.records} records verified in {took:.2f} s, status {verdict.exit_code}")
    print(f"at most {most / 1024:.0f} MiB, {(most - before) / 1024:.0f} of them for that")
    return int(verdict.exit_code or verdict.records != RECORDS or took > MOST_S or most / 1024 > MOST_MIB or unseen())


def unseen() -> int:
    """How many changes of one byte are not found, or not at the record that holds it."""
    with tempfile.TemporaryDirectory() as place:
        content = written(Path(place) / "audit", EACH_BYTE_OF).read_bytes()
    lines = content.splitlines(keepends=True)
    links = list(Walk(BytesIO(content)))
    parts = [(lines[at : at + 3], links[at - 1] if at else None, at) for at in range(len(lines))]
    with ProcessPoolExecutor() as pool:
        found = sum(pool.map(missed, parts, chunksize=20))
    changes = len(content) * len(CHANGES)
    print(f"{changes} changes of one byte of {len(links)} records: {found} were not found where they are")
    return found


def missed(part: tuple[list[bytes], Link | None, int]) -> int:
    """Of one record, with the two behind it: a record is judged by the link before it and by itself."""
    lines, before, number = part
    own, behind = lines[0], b"".join(lines[1:])
    count = 0
    for at, byte in enumerate(own):
        for change in CHANGES:
            other = bytes([change(byte)])
            fault = Walk(BytesIO(own[:at] + other + own[at + 1 :] + behind), before).through().fault
            count += other[0] != byte and (fault is None or fault.record != number)
    return count


if __name__ == "__main__":
    sys.exit(main())
