"""Which lines of a plan's checks has a person had in sight? Of a list that is confirmed it must be each. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from collectors.safe import Safe
from console.screen.acting.page import Page


@dataclass(frozen=True, slots=True)
class Read:
    """``lines``: the name of a check and which line of it. What was read of another plan counts for none."""

    plan: Safe | None = None
    lines: frozenset[tuple[str, int]] = frozenset()

    def after(self, plan: Safe | None, page: Page) -> Read:
        before = self if plan == self.plan else Read(plan)
        return replace(before, lines=before.lines | page.in_sight)

    def unread(self, page: Page) -> frozenset[str]:
        return frozenset(name for name, _ in page.checks - self.lines)
