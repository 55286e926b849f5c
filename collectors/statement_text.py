"""What does a statement say without the values in it?"""

from __future__ import annotations

import re

_LITERAL = re.compile(r"'(?:[^']|'')*(?:'|\Z)|\b0[xX][0-9a-fA-F]*|(?<![\w@#$.])[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?")


def normalise(text: str) -> str:
    """Each literal as a `?`, each stretch of space as one."""
    return " ".join(_LITERAL.sub("?", text).split())
