"""Why can a log not be used again, in words? By the reason that `sys.databases` gives."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from collectors.safe import NO_TEXT, Safe, sanitise

NOTHING = "NOTHING"


def reuse(reason: str | None) -> tuple[Safe, Safe]:
    """The reason, and words for it; both empty where nothing holds it. A reason nobody knows has no words."""
    if reason is None or reason == NOTHING:
        return NO_TEXT, NO_TEXT
    return sanitise(reason), _words().get(reason, NO_TEXT)


@cache
def _words() -> Mapping[str, Safe]:
    table = (files("collectors.sqlserver") / "log_reuse.csv").read_text(encoding="utf-8")
    return {row["reason"]: sanitise(row["words"]) for row in csv.DictReader(table.splitlines())}
