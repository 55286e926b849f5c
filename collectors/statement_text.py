"""What does a statement say without the values in it? A stand-in."""

from __future__ import annotations

import re

_LITERAL = re.compile(
    r"N?'(?:[^']|'')*(?:'|\Z)|\b0[xX][0-9a-fA-F]*|(?<![\w@#$.])[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?"
)
_HOLDS_VALUES = re.compile(r'\b(StatementText|ConstValue|ScalarString|ParameterCompiledValue)="([^"]*)"')


def normalise(text: str) -> str:
    """Each literal as a `?`, each stretch of space as one."""
    return " ".join(_LITERAL.sub("?", text).split())


def strip_plan(xml: str) -> str:
    """A showplan without the values in it."""
    return _HOLDS_VALUES.sub(lambda found: f'{found[1]}="{normalise(found[2])}"', xml)
