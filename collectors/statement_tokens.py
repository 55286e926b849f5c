"""Where does a literal in a statement begin and end? It depends on whose SQL it is.

Text may be cut anywhere: what is open at its end reaches to its end. No pattern here ever gives back what it took, so
that time grows with the length of the text and with nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from functools import cache
from typing import NamedTuple

PLACE = "?"  # stands for a literal
LIST = "…"  # for a list of them


class Dialect(Enum):
    TSQL = auto()
    POSTGRESQL = auto()
    MYSQL = auto()


class Kind(Enum):
    WORD = auto()
    """A key word, a name or a variable; a name in brackets or quotes too."""
    LITERAL = auto()
    SIGN = auto()
    OPEN = auto()
    CLOSE = auto()
    COMMA = auto()
    OTHER = auto()


class Lexeme(NamedTuple):  # a tuple: a screen of statements has a hundred thousand of them
    kind: Kind
    text: str
    spaced: bool  # whether space or a comment was before it

    def is_word(self, words: frozenset[str]) -> bool:
        return self.kind is Kind.WORD and self.text.upper() in words


_NUMBER = r"0[xX][0-9a-fA-F]*+|(?:\d[\d_]*+(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?"
_COMMON = rf"""
(?P<space>\s++)
|(?P<sign>[+-])|(?P<open>\()|(?P<close>\))|(?P<comma>,)
|(?P<place>[?…])
|(?P<number>{_NUMBER})
"""
_OF: dict[Dialect, str] = {
    # $12 and £-1.50 are money; @1 is a parameter; $action is a word
    Dialect.TSQL: r"""
(?P<line>--[^\r\n]*+)|(?P<block>/\*)
|(?P<string>[nN]?'(?:[^']++|'')*+'?)
|(?P<name>\[(?:[^\]]++|\]\])*+\])|(?P<quoted>"(?:[^"]++|"")*+")|(?P<cut>[\["])
|(?P<money>[$£¤¥\u20a0-\u20bf]\s*+[+-]?\s*+(?:\d++(?:\.\d*+)?|\.\d++))
|(?P<word>[@\#][\w@\#$]*+|\$?[^\W\d][\w@\#$]*+)
|""",
    Dialect.POSTGRESQL: r"""
(?P<line>--[^\r\n]*+)|(?P<block>/\*)
|(?P<string>[eE]'(?:[^'\\]++|''|\\.?)*+'?|(?:[bBxXnN]|[uU]&)?'(?:[^']++|'')*+'?)
|(?P<name>(?:[uU]&)?"(?:[^"]++|"")*+")|(?P<cut>")
|(?P<dollar>\$(?:[^\W\d]\w*+)?\$)
|(?P<word>[^\W\d][\w$]*+|\$\d++)
|""",
    Dialect.MYSQL: r"""
(?P<line>(?:\#|--(?=\s|\Z))[^\n]*+)|(?P<flat>/\*)
|(?P<string>[nNxXbB]?'(?:[^'\\]++|''|\\.?)*+'?|"(?:[^"\\]++|""|\\.?)*+"?)
|(?P<name>`(?:[^`]++|``)*+`)|(?P<cut>`)
|(?P<word>@{0,2}[^\W\d][\w$]*+)
|""",
}
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_COMPARES = frozenset("=<>!")
_LIKE = frozenset({"LIKE"})
_KINDS = {
    "sign": Kind.SIGN,
    "open": Kind.OPEN,
    "close": Kind.CLOSE,
    "comma": Kind.COMMA,
    "word": Kind.WORD,
    "name": Kind.WORD,
    "quoted": Kind.WORD,
}
_LITERALS = frozenset({"string", "dollar", "number", "money"})
_OPEN_ENDED = frozenset({"dollar", "block", "flat"})
_SPACES = frozenset({"space", "line", "block", "flat"})


def lexemes(text: str, dialect: Dialect) -> Iterator[Lexeme]:
    """Of the whole text; a literal has no text of its own left."""
    match = _pattern(dialect).match
    at, spaced, before = 0, False, None
    while at < len(text):
        found = match(text, at)
        kind = found.lastgroup if found else None
        if found is None or kind is None:
            one, end = Lexeme(Kind.OTHER, text[at], spaced), at + 1
        elif kind == "cut":
            return  # a name that does not end, or something that only looks like one
        else:
            end = _end(text, found, kind) if kind in _OPEN_ENDED else found.end()
            if kind in _SPACES:
                at, spaced = end, True
                continue
            one = _lexeme(found, kind, spaced)
            if kind == "quoted" and _is_value(before, text, end):
                one = one._replace(kind=Kind.LITERAL, text=PLACE)
        yield one
        at, spaced, before = end, False, one


@cache
def _pattern(dialect: Dialect) -> re.Pattern[str]:
    return re.compile(_OF[dialect] + _COMMON, re.VERBOSE | re.DOTALL)


def _lexeme(found: re.Match[str], kind: str, spaced: bool) -> Lexeme:
    if kind in _LITERALS:
        return Lexeme(Kind.LITERAL, PLACE, spaced)
    if kind == "place":
        return Lexeme(Kind.LITERAL, found[0], spaced)
    return Lexeme(_KINDS[kind], found[0], spaced)


def _end(text: str, found: re.Match[str], kind: str) -> int:
    """Where it ends that a regular expression cannot say."""
    if kind == "dollar":
        closed = text.find(found[0], found.end())
        return closed + len(found[0]) if closed >= 0 else len(text)
    if kind == "flat":
        closed = text.find("*/", found.end())
        return closed + 2 if closed >= 0 else len(text)
    return _end_of_nested(text, found.end())


def _end_of_nested(text: str, at: int) -> int:
    depth = 1
    for edge in _COMMENT_EDGE.finditer(text, at):
        depth += 1 if edge[0] == "/*" else -1
        if not depth:
            return edge.end()
    return len(text)


def _is_value(before: Lexeme | None, text: str, end: int) -> bool:
    """With QUOTED_IDENTIFIER OFF these are strings: what is compared with, and is no name of a table, is taken so."""
    if before is None or not (before.text in _COMPARES or before.is_word(_LIKE)):
        return False
    return not text[end : end + 64].lstrip().startswith((".", "("))
