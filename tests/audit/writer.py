"""A process that writes records as fast as it can, and says the number of each on its output once it is acknowledged.

The first argument is the folder. Where there are more: how many records, and how large a file may become.
"""

from __future__ import annotations

import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

from console.audit.record import Event, Who
from console.audit.trail import CannotRecord, Trail

many = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
if len(sys.argv) > 3:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
trail = Trail(Path(sys.argv[1]), Who(src="child"), "CHILD", lambda: datetime.now(UTC), anchors=())
sys.stdout.write(f"{trail.trouble.line() if trail.trouble else 'ready'}\n")
sys.stdout.flush()
for number in range(many):
    try:
        trail.write(Event.SENT, op=f"O{number}", data={"number": number, "more": "x" * (number * 37 % 3000)})
    except CannotRecord as trouble:
        sys.stdout.write(f"{trouble.line()}\n")
        break
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()
trail.close()
