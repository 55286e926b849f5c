"""Nobody is attached for a while: how long, and what says that the console went on meanwhile?"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence

from tests.rig.terminal import wait_until

DETACHED_S = int(os.environ.get("DBCONSOLE_DETACHED_S", "10"))  # 60 for the proof; 10 each time
CLOCK = re.compile(r"\b(\d\d):(\d\d):(\d\d)")
DAY_S = 86_400


def until_time_has_passed(command: Sequence[str], env: Mapping[str, str]) -> None:
    """Until the clock of the console's header, which ``command`` prints, is so much later than it was at first."""

    def clock() -> tuple[int] | None:
        """In seconds of the day; nothing while it is being printed."""
        shown = subprocess.run(
            command, env=env, encoding="utf-8", errors="replace", capture_output=True, timeout=10, check=True
        ).stdout
        found = CLOCK.search(shown.partition("\n")[0])
        return found and (3600 * int(found[1]) + 60 * int(found[2]) + int(found[3]),)

    def passed() -> bool:
        now = clock()
        return now is not None and (now[0] - began) % DAY_S >= DETACHED_S

    first = wait_until(clock, "a clock in the header")
    assert first is not None
    began = first[0]
    wait_until(passed, "the clock of a console that nobody sees", DETACHED_S + 30)
