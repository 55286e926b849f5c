"""Text that would act on a terminal if it could: seeded, so that what once got through can be had again."""

from __future__ import annotations

import random
from collections.abc import Iterator

CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))]
SEQUENCES = (
    *("\x1b[2J", "\x1b[31m", "\x1b[?1049l", "\x1b[6n", "\x1b[c", "\x1b[10000b", "\x1bc", "\x1b[20h", "\x1b[;H"),
    *("\x1b]0;owned\x07", "\x1b]52;c;cm0gLXJm\x07", "\x1b]8;;http://a.b\x1b\\here\x1b]8;;\x1b\\", "\x1b]2;\x9c"),
    *('\x1bP$q"p\x1b\\', "\x1bP+q544e\x1b\\", "\x1b_x\x1b\\", "\x1b^x\x1b\\", "\x9b31m", "\x9d0;x\x9c", "\x90x\x9c"),
    *("\x1b]", "\x1b[", "\x1bP", "\x9b", "\x1b", "\r", "\n", "\r\n", "\t", "\x07", "\x08" * 5, "\x0e", "\x00"),
)
SIGNS = (
    *("\u202e", "\u2066", "\u2069", "\u061c", "\u200f", "\u200b", "\u200d", "\ufeff", "\u2028", "\u2029", "\u00ad"),
    *("\ud800", "\udfff", "\ufffe", "\U000e0041", "\U0010ffff", "\ue000", "\u180e", "\u2060", "\ufe0f", "\u034f"),
    *("漢", "字", "\uff21", "🙂", "👨\u200d👩\u200d👧", "é", "e" + "\u0301" * 40, "\u0301", "ﷺ", "ಠ", "ﬁ", "İ", "ß"),
)
MARKUP = ("[red]", "[/]", "[@click=app.quit]x[/]", "[link=http://example.com]", "[bold", "\\[", "$primary", "%s", "{0}")
PLAIN = ("SELECT 1", "orders-primary", " ", "   ", "'; --", "Ω", "…", "⠿", "a" * 300)


def strings(seed: int, count: int) -> Iterator[str]:
    """As many as asked, most of them short, some of them huge."""
    rng = random.Random(seed)
    kinds = (CONTROLS, SEQUENCES, SIGNS, MARKUP, PLAIN)
    for _ in range(count):
        parts = (rng.choice(rng.choice(kinds)) for _ in range(rng.choice((1, 2, 3, 5, 8))))
        text = "".join(parts)
        if rng.random() < 0.05:
            text += chr(rng.randrange(0x110000))
        yield text * 2000 if rng.random() < 0.001 else text
