"""How long does it take to verify 100,000 records, and how much memory? Run it with `./dev bench audit`.

Exit status 1 when a target is missed.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from console.audit.anchors import default_file, known
from console.audit.record import Event
from console.audit.verify import verify
from tests.audit.keeping import RESOURCE, keep

RECORDS = 100_000
MOST_S, MOST_MIB = 10.0, 100.0


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
    return int(verdict.exit_code or verdict.records != RECORDS or took > MOST_S or most / 1024 > MOST_MIB)


if __name__ == "__main__":
    sys.exit(main())
