"""Which rules are there, and how often must one see what it looks for?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from console.triage import backup_rules, chain_rules, lag_rules, link_rules
from console.triage.finding import Finding
from console.triage.frame import Frame

Look = Callable[[Frame], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """Pure and total: it looks at a frame, whatever is missing from it, and says what it finds."""

    look: Look
    hits: int = 1  # looks in a row: what wavers is not found at once


RULES: tuple[Rule, ...] = (
    *(Rule(look) for look in link_rules.RULES),
    *(Rule(look, hits=2) for look in lag_rules.RULES),
    *(Rule(look) for look in backup_rules.RULES),
    *(Rule(look) for look in chain_rules.RULES),
)
