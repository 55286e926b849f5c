"""What must not leave the house in an export: keys, passwords, and the values that stand in statements."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from collectors.statement_text import normalise
from console.audit.plain import Plain
from console.audit.record import Record

MASK = "[redacted]"
STATEMENTS = frozenset({"sql", "statement", "query", "text_of_query"})  # keys of data whose text is one
SECRETS = re.compile(r"pass(word|wd|phrase)?|pwd|secret|token|credential|private.?key", re.IGNORECASE)
_PATTERNS = {
    "access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "password or token": re.compile(
        r"(?P<kept>\b(?:password|passwd|pwd|secret|token|api_?key)\b[\"']?\s*[=:]\s*)(?:\"[^\"]*\"|'[^']*'|[^\s,;&\"']+)",
        re.IGNORECASE,
    ),
    "password in an address": re.compile(r"(?P<kept>\b[a-z][a-z0-9+.-]*://[^\s/:@]+:)[^\s/@]+(?=@)", re.IGNORECASE),
    "private key": re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL
    ),
}


@dataclass(frozen=True, slots=True)
class Leaving:
    """A record as it leaves, and whether the trail's own had the hash of what it said."""

    record: Record
    is_whole: bool
    is_redacted: bool


@dataclass(slots=True)
class Redactor:
    """Counts what it masks, by kind and by record."""

    kinds: Counter[str] = field(default_factory=Counter)
    records: dict[str, int] = field(default_factory=dict)  # by the hash that the record has in the trail

    @property
    def masked(self) -> int:
        return self.kinds.total()

    def redacted(self, record: Record) -> Leaving:
        before = self.masked
        data = {name: self._value(name, value) for name, value in record.data.items()}
        if self.masked == before:
            return Leaving(record, record.is_whole, is_redacted=False)
        self.records[record.h] = self.masked - before
        return Leaving(replace(record, data=data), record.is_whole, is_redacted=True)

    def report(self) -> dict[str, Plain]:
        return {
            "masked": self.masked,
            "kinds": dict(sorted(self.kinds.items())),
            "records": dict(self.records),
            "note": "A record that is named here has the hash of what the trail holds, not of what is shown.",
        }

    def _value(self, name: str, value: Plain) -> Plain:
        match value:
            case str() if SECRETS.fullmatch(name):
                return self._masked("value of a secret") if value else value
            case str() if name.casefold() in STATEMENTS:
                bare = normalise(value)
                if bare != value:
                    self.kinds["literals of a statement"] += 1
                return bare
            case str():
                return self._text(value)
            case Mapping():
                return {inner: self._value(inner, each) for inner, each in value.items()}
            case list() | tuple():
                return [self._value(name, each) for each in value]
        return value

    def _masked(self, kind: str, kept: str = "") -> str:
        self.kinds[kind] += 1
        return f"{kept}{MASK}"

    def _text(self, text: str) -> str:
        for kind, pattern in _PATTERNS.items():
            text = pattern.sub(partial(self._mask_found, kind), text)
        return text

    def _mask_found(self, kind: str, found: re.Match[str]) -> str:
        return self._masked(kind, found.groupdict().get("kept", ""))
