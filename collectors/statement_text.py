"""What does a statement say, whatever the values in it? A stand-in: strings and numbers are left out."""

from __future__ import annotations

import re

_LITERALS = re.compile(r"N?'(?:[^']|'')*'?|\b0x[0-9A-Fa-f]+\b|(?<![\w@#$])[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def normalise(text: str) -> str:
    """Without its literals, on one line."""
    return re.sub(r"\s+", " ", _LITERALS.sub("?", text)).strip()
