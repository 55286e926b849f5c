"""May these keys be given to these ids? Unknown ids, unknown keys, and keys that two things would answer to."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.keys import _character_to_key

from console.screen.bindings import Bound, Kind, all_bound

if TYPE_CHECKING:  # brings pydantic
    from profiles.wrong import Fault

_NAMED = frozenset({
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete"),
    *("backspace", "enter", "escape", "tab", "space", *(f"f{number}" for number in range(1, 25))),
})  # fmt: skip
_SIGNS = frozenset(_character_to_key(sign) for sign in string.punctuation)  # question_mark is what `?` is, too
_SAME_BYTES = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace"}  # a terminal cannot tell them from these
_OTHERWISE = {"esc": "escape", "return": "enter", "del": "delete", "ins": "insert", "spacebar": "space",
              "pgup": "pageup", "page_up": "pageup", "pgdn": "pagedown", "page_down": "pagedown"}  # fmt: skip
_WAYS = "one character, a name such as f5, pageup or comma, or ctrl+x"
_TOGETHER = frozenset({
    frozenset({Kind.APP, Kind.SCREEN}),
    frozenset({Kind.APP, Kind.WIDGET}),
    frozenset({Kind.SCREEN, Kind.WIDGET}),
    frozenset({Kind.OVER}),
})  # fmt: skip
"""Whose keys are heard at the same time: never those of two screens, or of two widgets."""


def faults(asked: Mapping[str, str], bound: Sequence[Bound] | None = None) -> list[Fault]:
    """What is wrong, each with the id as its place; the file and the line are the reader's to say."""
    from profiles.wrong import Fault, nearest, shown  # noqa: PLC0415 - brings pydantic

    there = all_bound() if bound is None else bound
    known = sorted({each.id for each in there if each.id})
    found = []
    for name, keys in asked.items():
        if name not in known:
            allowed = "one of the ids in docs/looks.md"
            found.append(Fault("", "is nothing that a key does", name, allowed=allowed, nearest=nearest(name, known)))
            continue
        for key in _parts(keys):
            if not is_key(key):
                meant = meant_by(key)
                found.append(Fault("", "is no key", name, found=shown(key), allowed=_WAYS, nearest=meant))
            elif _would_be_typed(name, key, there):
                what, allowed = "is heard while something is typed, too", "a key that types nothing"
                found.append(Fault("", what, name, found=shown(key), allowed=allowed))
            elif (other := _clash(name, normal(key), asked, there)) is not None:
                taken = f"{shown(key)} is {other.id or 'a key that cannot be changed'}: {other.what or other.place}"
                found.append(Fault("", "has a key that does something else at the same time", name, found=taken))
    return found


def is_key(word: str) -> bool:
    """Whether a terminal sends it and Textual calls it so: it would take any other word in silence."""
    *modifiers, base = word.split("+") if len(word) > 1 else [word]
    if word in _SAME_BYTES:
        return False
    if modifiers in ([], ["ctrl"], ["alt"]):
        plain = len(base) == 1 and base.isprintable() and not base.isspace() and base != ","
        if modifiers:
            plain = plain and base.isascii() and (base.islower() or base.isdigit())
        return plain or base in _NAMED or base in _SIGNS
    return modifiers in (["shift"], ["ctrl", "shift"]) and base in _NAMED


def meant_by(word: str) -> str:
    """The key that was most likely meant, or empty."""
    from profiles.wrong import nearest  # noqa: PLC0415 - brings pydantic

    said = word.strip().lower()
    if said in _SAME_BYTES:
        return _SAME_BYTES[said]
    for written in ("ctrl-", "control+", "control-", "c-", "^"):
        if said.startswith(written) and len(said) > len(written):
            said = "ctrl+" + said.removeprefix(written)
    said = _OTHERWISE.get(said, said)
    if len(word) > 1 and is_key(said):
        return said
    return nearest(said, sorted(_NAMED | _SIGNS)) if len(said) > 2 else ""


def normal(key: str) -> str:
    """As Textual calls it."""
    return _character_to_key(key) if len(key) == 1 else key


def keys_of(bound: Bound, asked: Mapping[str, str]) -> tuple[str, ...]:
    """What it answers to, once what was asked for is so."""
    return tuple(normal(key) for key in _parts(asked[bound.id])) if bound.id in asked else bound.keys


def _parts(keys: str) -> list[str]:
    return [key.strip() for key in keys.split(",")]


def _would_be_typed(name: str, key: str, there: Sequence[Bound]) -> bool:
    """A key with priority is taken from prompts too, unless what it does knows of keys that type something."""
    mine = [each for each in there if each.id == name and each.priority]
    return _types(normal(key)) and any(not any(map(_types, each.keys)) for each in mine)


def _types(key: str) -> bool:
    return len(key) == 1 or key in _SIGNS or key == "space"


def _clash(name: str, key: str, asked: Mapping[str, str], there: Sequence[Bound]) -> Bound | None:
    """What else would answer to the key; what does so by design, an inner one before an outer one, is no clash."""
    for mine in there:
        if mine.id == name:
            for other in there:
                is_other = (other.id, other.what) != (mine.id, mine.what) and _at_once(mine, other)
                if is_other and key in keys_of(other, asked) and not (key in mine.keys and key in other.keys):
                    return other
    return None


def _at_once(one: Bound, other: Bound) -> bool:
    return one.place == other.place or frozenset({one.kind, other.kind}) in _TOGETHER
