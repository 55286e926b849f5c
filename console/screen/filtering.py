"""Which resources were asked for? Words that match anywhere, `key:value` for one field, `!` for what must not match.

`orders engine:postgres,mysql !role:replica level:>=high tag.Team:payments`. All terms must hold; of the values after
one key, any. A term that cannot be understood is said in words, and then nothing is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING

from collectors.readings import Severity
from collectors.safe import Safe, sanitise

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res

FIELDS = ("name", "engine", "role", "az", "region", "account", "status", "level", "kind", "cluster", "why")
TAG = "tag."
RANKS = {"none": 0, "info": 1, "warning": 2, "high": 3, "critical": 4}
_MORE_NAMES = {"warn": "warning", "medium": "warning", "crit": "critical"}
_COMPARISONS = {">=": ge, "<=": le, ">": gt, "<": lt}
_PIECE = re.compile(r'(?:"[^"]*"|\S)+')
_KEYED = re.compile(r"(?P<key>[a-z]+|tag\.[^:]+):(?P<value>.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whatever a filter may be about: what is said of it, in lower case, and field by field."""

    words: str
    fields: Mapping[str, str]
    level: Severity | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """``key`` None: the values are looked for anywhere."""

    key: str | None
    values: tuple[str, ...]
    unwanted: bool = False

    def holds(self, subject: Subject) -> bool:
        return self._matches(subject) is not self.unwanted

    def _matches(self, subject: Subject) -> bool:
        if self.key is None:
            return any(value in subject.words for value in self.values)
        if self.key == "level":
            return any(_is_at(subject.level, value) for value in self.values)
        said = subject.fields.get(self.key)
        return said is not None and any(value in said for value in self.values)


@dataclass(frozen=True, slots=True)
class Filter:
    """``faults``: what could not be understood. While there is one, everything matches."""

    terms: tuple[Term, ...] = ()
    faults: tuple[Safe, ...] = ()

    def matches(self, subject: Subject) -> bool:
        return bool(self.faults) or all(term.holds(subject) for term in self.terms)


@lru_cache(maxsize=64)
def parsed(asked: str) -> Filter:
    """A term that is still being typed (`engine:`, `!`) asks for nothing yet."""
    terms: list[Term] = []
    faults: list[Safe] = []
    for piece in _PIECE.findall(asked):
        unwanted = piece.startswith("!")
        term = _term(piece[1:] if unwanted else piece)
        if isinstance(term, Safe):
            faults.append(term)
        elif term[1]:
            terms.append(Term(*term, unwanted))
    return Filter(tuple(terms), tuple(faults))


def subject_of(name: str, res: Res) -> Subject:
    """What the list says of a resource, and its tags."""
    fields = {
        "name": name,
        "engine": res.engine,
        "role": res.role,
        "az": res.az,
        "region": res.region,
        "account": res.account,
        "status": res.status,
        "kind": res.kind,
        "cluster": res.cluster or "",
        "why": ", ".join(res.why),
    }
    fields |= {TAG + key: value for key, value in res.tags.items()}
    lowered = {key.lower(): value.lower() for key, value in fields.items()}
    return Subject("\n".join(lowered.values()), lowered, res.level)


def _term(piece: str) -> Safe | tuple[str | None, tuple[str, ...]]:
    """The field and the values, or why there is none such."""
    keyed = _KEYED.fullmatch(piece)
    if keyed is None or '"' in keyed["key"]:
        word = piece.replace('"', "").lower()
        return None, (word,) if word else ()
    key = keyed["key"].lower()
    if key not in FIELDS and not key.startswith(TAG):
        return _unknown("", key + ":", [f"{field}:" for field in (*FIELDS, "tag.NAME")])
    values = tuple(value for value in keyed["value"].replace('"', "").lower().split(",") if value)
    if key == "level":
        wrong = next((value for value in values if _bound(value) is None and _is_whole(value)), None)
        if wrong is not None:
            return _unknown("level:", wrong.lstrip("<>="), list(reversed(RANKS)))
        values = tuple(value for value in values if _bound(value) is not None)
    return key, values


def _unknown(key: str, found: str, known: list[str]) -> Safe:
    meant = get_close_matches(found, known, 1, 0.6)
    remedy = f"did you mean {meant[0]}?" if meant else f"known: {' '.join(known)}"
    return sanitise(f"{key}{found} is not known; {remedy}")


def _is_whole(value: str) -> bool:
    """Whether it cannot become a level by typing on."""
    name = value.lstrip("<>=")
    return not any(known.startswith(name) for known in (*RANKS, *_MORE_NAMES))


def _bound(value: str) -> tuple[str, int] | None:
    """`>=high` as a comparison and a rank; without a sign it is that level alone."""
    sign = next((sign for sign in _COMPARISONS if value.startswith(sign)), "")
    name = value[len(sign) :]
    rank = RANKS.get(_MORE_NAMES.get(name, name))
    return None if rank is None else (sign, rank)


def _is_at(level: Severity | None, value: str) -> bool:
    bound = _bound(value)
    if bound is None:
        return False
    sign, rank = bound
    own = 0 if level is None else RANKS[level.value]
    return _COMPARISONS[sign](own, rank) if sign else own == rank
