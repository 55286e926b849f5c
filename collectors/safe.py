"""The one way in for text from outside, and the type that says it went that way.

Escaped visibly, never parsed and stripped: what could act on a terminal, reorder a line or hide is shown as what it is.
Markup has no meaning here or later: `[red]` stays five characters.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic_core import CoreSchema


class Safe(str):
    """Text that may reach a terminal, on one line. Only `sanitise` makes one; widgets take nothing else."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        """Where a fact is read from a message, its texts pass the one way in again."""
        from pydantic_core import core_schema  # noqa: PLC0415 - whoever asks has it

        return core_schema.no_info_after_validator_function(sanitise, core_schema.str_schema())


NO_TEXT = Safe("")
CELL_LIMIT = 4096
DETAIL_LIMIT = 65536
MOST_MARKS = 2  # in a row: hardly a word needs a third, and a hundred cover the lines above
CUT = "…"
CARRIER = "\u25cc"  # the dotted circle: a mark without a letter stands on it, not on its neighbour

# str.isprintable refuses controls, formats (bidi, zero width, tags), surrogates, private and unassigned ones, and all
# separators but the space. These it lets pass although nobody sees them:
_UNSEEN = frozenset(
    chr(code)
    for first, last in (
        (0x034F, 0x034F),  # combining grapheme joiner
        (0x115F, 0x1160),  # Hangul fillers
        (0x17B4, 0x17B5),  # Khmer inherent vowels
        (0x180B, 0x180F),  # Mongolian variation selectors
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),  # variation selectors: terminals disagree about the width they give
        (0xFFA0, 0xFFA0),
        (0xE0100, 0xE01EF),
    )
    for code in range(first, last + 1)
)


def sanitise(text: str, limit: int = CELL_LIMIT) -> Safe:
    """Text with whatever could act on a terminal shown instead of sent; at most ``limit`` characters; idempotent."""
    head = text[:limit]  # each character is shown as one or more, so that the rest could never be seen
    shown = head if head.isascii() and head.isprintable() else _shown(head)
    if len(text) <= limit and len(shown) <= limit:
        return Safe(shown)
    return Safe(shown[: limit - 1] + CUT)


def _shown(text: str) -> str:
    out: list[str] = []
    marks = MOST_MARKS  # at the start there is no letter to stand on
    standing = False
    for character in text:
        if not _is_mark(character):
            marks, standing = 0, True
            out.append(character if _is_plain(character) else _picture(character))
        elif not standing:
            marks, standing = 1, True
            out.append(CARRIER + character)
        elif marks < MOST_MARKS:
            marks += 1
            out.append(character)
    return "".join(out)


def _is_plain(character: str) -> bool:
    if character.isprintable():
        return character not in _UNSEEN
    return unicodedata.category(character) == "Zs"  # wide and narrow spaces: seen as a space


def _is_mark(character: str) -> bool:
    """Whether it is drawn onto the character before it; in Hangul so are the second and third letters of a syllable."""
    if character < "\u0300" or character in _UNSEEN:
        return False
    joining_letter = "\u1160" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7fb"
    return joining_letter or unicodedata.category(character)[0] == "M"


def _picture(character: str) -> str:
    code = ord(character)
    if character == "\t":
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"⟨U+{code:04X}⟩"
