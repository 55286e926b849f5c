"""What the surroundings allow to be drawn: symbols and colours, judged from the locale and TERM alone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

SymbolSet = Literal["braille", "block", "ascii"]
ALL_SYMBOLS: tuple[SymbolSet, ...] = ("braille", "block", "ascii")


def symbols(asked: str, environ: Mapping[str, str]) -> SymbolSet:
    """The richest set the terminal is sure to show, unless another was asked for."""
    chosen: SymbolSet | None = next((known for known in ALL_SYMBOLS if known == asked), None)
    if chosen is not None:
        return chosen
    if not _speaks_utf8(environ):
        return "ascii"
    return "block" if environ.get("TERM") == "linux" else "braille"  # the Linux console's font has no braille


def colourless(asked: str, environ: Mapping[str, str]) -> bool:
    return asked == "never" or bool(environ.get("NO_COLOR"))


def _speaks_utf8(environ: Mapping[str, str]) -> bool:
    name = next((environ[key] for key in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(key)), "C")
    return "utf8" in name.lower().replace("-", "")


def initial_environment() -> dict[str, str]:
    """The environment this program was started with: Python itself turns LC_CTYPE=C into C.UTF-8 in `os.environ`."""
    try:
        raw = Path("/proc/self/environ").read_bytes()
    except OSError:  # no Linux, or a process that changed its user
        return dict(os.environ)
    pairs = (entry.partition(b"=") for entry in raw.split(b"\0") if b"=" in entry)
    return {key.decode(errors="replace"): value.decode(errors="replace") for key, _, value in pairs}
