"""On which line of a TOML text is a key? Only for text that tomllib has taken: no fault is found here."""

from __future__ import annotations

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]

_PIECE = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}'  # strings of several lines
    r'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
    r"|#[^\n]*|\n|[\[\]{}=,.]|[^\s\[\]{}=,.\"'#]+",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")
_SHORT = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}
_MOST_NESTED = 100  # tomllib goes deeper, but nothing in a profile does


def lines(text: str) -> Mapping[Path, int]:
    """Where each key, table and item of an array begins, counted from 1."""
    return _Walk(text).walk()


def line_of(found: Mapping[Path, int], path: Path) -> int | None:
    """The line of the key, else of the nearest thing around it."""
    for length in range(len(path), 0, -1):
        if path[:length] in found:
            return found[path[:length]]
    return None


class _Walk:
    def __init__(self, text: str) -> None:
        self._pieces = [(match[0], match.start()) for match in _PIECE.finditer(text)]
        self._at = 0
        self._text = text
        self._line, self._counted = 1, 0
        self._found: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}  # how many of an array of tables there are so far

    def walk(self) -> Mapping[Path, int]:
        table: Path = ()
        while (piece := self._peek()) is not None:
            if piece == "\n" or piece.startswith("#"):
                self._at += 1
            elif piece == "[":
                table = self._header()
            else:
                self._pair(table, 0)
        return self._found

    def _peek(self) -> str | None:
        return self._pieces[self._at][0] if self._at < len(self._pieces) else None

    def _here(self) -> int:
        start = self._pieces[min(self._at, len(self._pieces) - 1)][1]
        self._line += self._text.count("\n", self._counted, start)
        self._counted = max(start, self._counted)
        return self._line

    def _note(self, path: Path, line: int) -> None:
        self._found.setdefault(path, line)

    def _header(self) -> Path:
        line = self._here()
        self._at += 1
        is_array = self._peek() == "["
        self._at += is_array
        words = self._key("]")
        self._at += 1 + is_array
        path: Path = ()
        for word in words[:-1]:
            path = self._last_of((*path, word))
            self._note(path, line)
        path = (*path, *words[-1:])
        self._note(path, line)
        if is_array:
            self._tables[path] = self._tables.get(path, 0) + 1
            path = self._last_of(path)
            self._note(path, line)
        return path

    def _last_of(self, path: Path) -> Path:
        return (*path, self._tables[path] - 1) if path in self._tables else path

    def _key(self, end: str) -> list[str]:
        words = []
        while (piece := self._peek()) is not None and piece != end:
            if piece != ".":
                words.append(_plain(piece))
            self._at += 1
        return words

    def _pair(self, table: Path, depth: int) -> None:
        line = self._here()
        words = self._key("=")
        self._at += 1
        for length in range(1, len(words) + 1):
            self._note((*table, *words[:length]), line)
        self._value((*table, *words), depth)

    def _value(self, path: Path, depth: int) -> None:
        opened = self._peek()
        if opened not in ("[", "{") or depth > _MOST_NESTED:
            self._skip()
            return
        self._at += 1
        closed, index = "]" if opened == "[" else "}", 0
        while (piece := self._peek()) is not None and piece != closed:
            if piece in ("\n", ",") or piece.startswith("#"):
                self._at += 1
            elif opened == "{":
                self._pair(path, depth + 1)
            else:
                self._note((*path, index), self._here())
                self._value((*path, index), depth + 1)
                index += 1
        self._at += 1

    def _skip(self) -> None:
        """Past a plain value, and past all that is nested in one too deep to follow."""
        nested = 0
        while (piece := self._peek()) is not None:
            if nested == 0 and piece in ("\n", ",", "]", "}"):
                return
            nested += (piece in ("[", "{")) - (piece in ("]", "}"))
            self._at += 1


def _plain(piece: str) -> str:
    if piece.startswith("'"):
        return piece[1:-1]
    return _ESCAPE.sub(_unescaped, piece[1:-1]) if piece.startswith('"') else piece


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _SHORT.get(match[3], match[3])
