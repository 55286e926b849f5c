"""Which bytes may reach the terminal? A strict grammar: text, and the sequences that a Textual program itself sends."""

from __future__ import annotations

import re

_MODES = "1000|1003|1004|1006|1015|1016|1049|2004|2026|2048|25|7"
_ALLOWED = re.compile(
    "|".join(
        (
            # text, without the signs that nobody sees
            r"[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+",
            r"\r|\n",
            r"\x1b\[[0-9;]*m",  # SGR
            r"\x1b\[(?:[0-9]+(?:;[0-9]+)?)?H",  # CUP
            r"\x1b\[[0-9]*[ABCD]",  # a step
            r"\x1b\[2J|\x1b\[K",
            rf"\x1b\[\?(?:{_MODES})[hl]",
            r"\x1b\[\?(?:2026|2048)\$p",  # may I?
            r"\x1b\[>[0-9]+u|\x1b\[<u",  # Kitty keys on, off
            r"\x1b\]22;[a-z-]*\x07",  # the pointer's shape
        )
    )
)


def foreign(sent: str) -> str:
    """What follows the first thing that nobody should have sent, or nothing."""
    position = 0
    while position < len(sent):
        match = _ALLOWED.match(sent, position)
        if match is None:
            return sent[max(0, position - 20) : position + 60]
        position = match.end()
    return ""
