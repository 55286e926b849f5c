"""What may a scenario set of single statements? Amounts are those of each second."""

from __future__ import annotations

from console.demo.scenario.script import Given, Setting

FAMILY = "statement"
FIELDS = ("calls", "total_ms", "rows", "reads")
TEXT = "text"


def is_field(field: str) -> bool:
    return field in FIELDS or field == TEXT


def fault_of_text(setting: Setting) -> str:
    return "" if isinstance(setting, Given) and isinstance(setting.value, str) else "is not a text"
