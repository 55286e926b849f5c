"""What may a scenario set of single sessions, and as what?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from console.demo.scenario.script import Given, Missing, Setting

TEXTS: Mapping[str, str] = {
    "command": "command",
    "host_name": "host",
    "login_name": "login",
    "program_name": "program",
    "status": "status",
    "wait_resource": "resource",
    "wait_type": "wait_type",
}
NUMBERS: Mapping[str, str] = {
    "blocking_session_id": "blocked_by",
    "open_transaction_count": "transactions",
    "wait_time": "wait_ms",
}
TIMES: Mapping[str, str] = {"last_request_end_time": "ended", "transaction_begin_time": "began"}
"""By the views' names, what the demo calls them."""
LAST_ID = 32_767


def is_session(number: str) -> bool:
    """Whether a session can have it: those of users begin after the server's own."""
    return number.isascii() and number.isdigit() and len(number) <= 5 and 50 < int(number) <= LAST_ID


def fault_of(column: str, setting: Setting) -> str:
    """What is wrong with a value of that column; empty where nothing is."""
    if isinstance(setting, Missing):
        return ""
    value = setting.value if isinstance(setting, Given) else 0.0  # the others move, and are numbers
    if column in NUMBERS:
        return "" if isinstance(value, int | float) and not isinstance(value, bool) else "is not a number"
    if column in TIMES:
        return "" if isinstance(value, datetime) else "is no time: write 2026-01-31T12:00:00Z or @now-3h"
    return "" if isinstance(value, str) else "is not a text"
