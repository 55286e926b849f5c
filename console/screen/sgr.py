"""How is a style said to the terminal, and what is the shortest way from one to the next?"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rich.color import ColorSystem
from rich.style import Style

_ON = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53")  # Rich's order of attributes
_OFF = ("22", "22", "23", "24", "25", "25", "27", "28", "29", "24", "54", "54", "55")
_REVERSE = 1 << 6
_SEEN_ON_BLANK = 1 << 3 | _REVERSE | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12  # lines, frames and reverse


class Pen(NamedTuple):
    """What SGR can say: attributes as bits, colours as their parameters (empty: the terminal's own)."""

    flags: int = 0
    fg: str = ""
    bg: str = ""

    def codes(self) -> list[str]:
        on = [code for bit, code in enumerate(_ON) if self.flags >> bit & 1]
        return on + [colour for colour in (self.fg, self.bg) if colour]


DEFAULT = Pen()


@lru_cache(maxsize=4096)
def pen_of(style: Style | None, system: ColorSystem) -> Pen | None:
    """The pen for a Rich style; None for one that needs more than SGR (a hyperlink)."""
    if style is None:
        return DEFAULT
    if style.link:
        return None
    flags = 0
    for bit, name in enumerate(_NAMES):
        flags |= bool(getattr(style, name)) << bit
    fg, bg = style.color, style.bgcolor
    return Pen(
        flags,
        "" if fg is None or fg.is_default else ";".join(fg.downgrade(system).get_ansi_codes()),
        "" if bg is None or bg.is_default else ";".join(bg.downgrade(system).get_ansi_codes(foreground=False)),
    )


_NAMES = (
    *("bold", "dim", "italic", "underline", "blink", "blink2", "reverse", "conceal", "strike"),
    *("underline2", "frame", "encircle", "overline"),
)


@lru_cache(maxsize=4096)
def on_blank(pen: Pen) -> Pen:
    """What is left of a pen when it draws a space: two pens with the same rest draw the same space."""
    return Pen(pen.flags & _SEEN_ON_BLANK, pen.fg if pen.flags & _SEEN_ON_BLANK else "", pen.bg)


@lru_cache(maxsize=4096)
def change(before: Pen, after: Pen) -> str:
    """The shortest sequence that turns one pen into the other."""
    if before == after:
        return ""
    whole = after.codes()
    anew = f"\x1b[;{';'.join(whole)}m" if whole else "\x1b[m"  # an empty parameter is 0: everything off
    removed = before.flags & ~after.flags
    off = dict.fromkeys(code for bit, code in enumerate(_OFF) if removed >> bit & 1)
    kept = before.flags & after.flags  # an off code may take a second attribute with it: bold and dim share theirs
    on = [
        _ON[bit] for bit in range(len(_ON)) if after.flags >> bit & 1 and not (kept >> bit & 1 and _OFF[bit] not in off)
    ]
    pairs = zip(before[1:], after[1:], ("39", "49"), strict=True)
    colours = [new or default for old, new, default in pairs if old != new]
    step = f"\x1b[{';'.join([*off, *on, *colours])}m"
    return min(step, anew, key=len)
