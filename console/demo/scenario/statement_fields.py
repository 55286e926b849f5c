"""What may a scenario set of single statements? Amounts are those of each second."""

from __future__ import annotations

FAMILY = "statement"
FIELDS = ("calls", "total_ms", "rows", "reads")
TEXT = "text"


def is_field(field: str) -> bool:
    return field in FIELDS or field == TEXT
