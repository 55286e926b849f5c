"""What is a snapshot of ours called, and what is written on it, so that it is known again after a lost answer?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from console.actions.plan import PREFIX, Plan

KEPT = timedelta(days=35)  # what is said on it; nothing deletes it
OP = "op_id"
MOST = 255  # characters
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]+")
_NOT_IN_TAGS = re.compile(r"[^\w\s.:/=+@-]", re.ASCII)
_MOST_VALUE = 256


def name(plan: Plan, most: int = MOST) -> str:
    """Letters, digits and single hyphens, as every service allows. The same plan has the same name."""
    at = datetime.fromtimestamp(plan.made_ms / 1000, UTC)
    ending = f"-{at:%Y%m%d%H%M}-{plan.drafted.removeprefix(PREFIX)[:8]}"
    resource = _NOT_IN_NAMES.sub("-", plan.target.name).strip("-")
    return f"dbconsole-{resource}"[: most - len(ending)].rstrip("-") + ending


def tags(plan: Plan) -> list[dict[str, str]]:
    expires = datetime.fromtimestamp(plan.made_ms / 1000, UTC) + KEPT
    said = {OP: plan.op, "operator": plan.by, "reason": plan.reason or "none given", "expires": f"{expires:%Y-%m-%d}"}
    return [{"Key": key, "Value": _NOT_IN_TAGS.sub("_", value)[:_MOST_VALUE]} for key, value in said.items()]


def is_marked(found: Iterable[Mapping[str, object]], plan: Plan) -> bool:
    """Whether these tags are of what this plan has made."""
    return any(tag.get("Key") == OP and tag.get("Value") == plan.op for tag in found)
