"""What do the surroundings allow? Symbols, colours and the mouse, judged from the environment alone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from console import terminfo

SymbolSet = Literal["braille", "block", "ascii"]
ALL_SYMBOLS: tuple[SymbolSet, ...] = ("braille", "block", "ascii")
Colours = Literal["none", "8", "16", "256", "true"]
AUTO = "auto"
SYMBOL_WORDS = (AUTO, *ALL_SYMBOLS)
COLOUR_WORDS = (AUTO, "never", "8", "16", "256", "true")  # what may be asked for
_BY_NUMBER: tuple[tuple[int, Colours], ...] = ((1 << 24, "true"), (256, "256"), (16, "16"), (8, "8"), (0, "none"))
_BY_NAME = (("-direct", 1 << 24), ("256color", 256), ("-16color", 16), ("dumb", 0))  # where TERM has no description
_DEPTHS: Mapping[str, Colours] = {"never": "none", "8": "8", "16": "16", "256": "256", "true": "true"}


@dataclass(frozen=True, slots=True)
class Able:
    """What is sure to work here, where nobody asks for anything else."""

    symbols: SymbolSet
    colours: Colours
    remote: bool  # over SSH, where each move of the mouse is sent


def able(environ: Mapping[str, str]) -> Able:
    return Able(symbols(AUTO, environ), colours(AUTO, environ), over_ssh(environ))


def symbols(asked: str, environ: Mapping[str, str]) -> SymbolSet:
    """The richest set the terminal is sure to show, unless another was asked for."""
    chosen: SymbolSet | None = next((known for known in ALL_SYMBOLS if known == asked), None)
    if chosen is not None:
        return chosen
    if not _speaks_utf8(environ):
        return "ascii"
    return "block" if environ.get("TERM") == "linux" else "braille"  # the Linux console's font has no braille


def colours(asked: str, environ: Mapping[str, str]) -> Colours:
    """As many as the terminal is sure to have, unless another number was asked for."""
    if asked in _DEPTHS:
        return _DEPTHS[asked]
    if environ.get("NO_COLOR"):
        return "none"
    return _promised(environ)


def over_ssh(environ: Mapping[str, str]) -> bool:
    return any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))


def _promised(environ: Mapping[str, str]) -> Colours:
    """By COLORTERM, then TERM's description; a name without one is taken at its word, or for the least."""
    term = environ.get("TERM", "")
    number = terminfo.colours(environ)
    if number is None:
        number = next((number for part, number in _BY_NAME if part in term), 8) if term else 0
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") and number and not _in_gnu_screen(environ):
        return "true"
    return next(word for least, word in _BY_NUMBER if number >= least)


def _in_gnu_screen(environ: Mapping[str, str]) -> bool:
    """It hands COLORTERM on from the terminal around it, and garbles what it does not know itself."""
    return bool(environ.get("STY"))


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
