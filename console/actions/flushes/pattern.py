"""How is a prefix said to SCAN, where `*`, `?` and brackets have a meaning of their own?"""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"[\\*?\[\]]")


def begins_with(prefix: str) -> str:
    """A pattern that matches what begins with exactly that, and nothing else."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", prefix) + "*"
