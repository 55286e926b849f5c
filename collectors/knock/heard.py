"""What came of one knock, before it has a time and an address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from collectors.knock.knock import Door
from collectors.safe import NO_TEXT, Safe, sanitise

_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Heard:
    """As `Knock` has it. ``address``: who took the connection, where one was taken."""

    door: Door
    said: Safe = NO_TEXT
    may_log_in: bool | None = None
    node: Safe = NO_TEXT
    address: Safe = NO_TEXT


def words(text: str) -> Safe:
    """What was said, on one line, without what is quoted in it: names may be anybody's."""
    return sanitise(" ".join(_QUOTED.sub("…", text).split()), _LONGEST)
