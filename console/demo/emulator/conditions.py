"""Does a condition of an IAM policy hold for what is known of a request? Keys are of any case, values are not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

Context = Mapping[str, Sequence[str]]  # by key in small letters; what is not known is not there
Block = Mapping[str, Mapping[str, Sequence[str]]]  # operator, key, values
Compare = Callable[[str, str], bool]  # what is known, what the policy says

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_SYMBOLS = {"*": "*", "?": "?", "$": "$"}  # as a policy writes them where they mean themselves
_PARTS = 6  # of an ARN


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    words = (".*" if sign == "*" else "." if sign == "?" else re.escape(sign) for sign in pattern)
    return re.compile("".join(words), re.DOTALL)


def matches(pattern: str, text: str) -> bool:
    """`*` is any text, `?` is any one sign; nothing else means anything but itself."""
    return _pattern(pattern).fullmatch(text) is not None


def filled(pattern: str, context: Context) -> str | None:
    """With its variables replaced by what is known; None where one of them is not."""
    missing = False

    def value(found: re.Match[str]) -> str:
        nonlocal missing
        name, _, default = found[1].partition(",")
        if name in _SYMBOLS:
            return _SYMBOLS[name]
        known = context.get(name.strip().lower(), ())
        if len(known) != 1 and not default:
            missing = True
        return known[0] if len(known) == 1 else default.strip(" '")

    told = _VARIABLE.sub(value, pattern)
    return None if missing else told


def _numbers(compare: Callable[[float, float], bool]) -> Compare:
    def compared(known: str, said: str) -> bool:
        try:
            return compare(float(known), float(said))
        except ValueError:
            return False

    return compared


def _arn(known: str, said: str) -> bool:
    """Part by part: a star of one part reaches into no other."""
    parts, wanted = known.split(":", _PARTS - 1), said.split(":", _PARTS - 1)
    return len(parts) == len(wanted) and all(matches(w, p) for w, p in zip(wanted, parts, strict=True))


COMPARISONS: Mapping[str, Compare] = {
    "StringEquals": lambda known, said: known == said,
    "StringEqualsIgnoreCase": lambda known, said: known.lower() == said.lower(),
    "StringLike": lambda known, said: matches(said, known),
    "Bool": lambda known, said: known.lower() == said.lower(),
    "NumericEquals": _numbers(lambda known, said: known == said),
    "NumericLessThan": _numbers(lambda known, said: known < said),
    "NumericLessThanEquals": _numbers(lambda known, said: known <= said),
    "NumericGreaterThan": _numbers(lambda known, said: known > said),
    "NumericGreaterThanEquals": _numbers(lambda known, said: known >= said),
    "ArnEquals": _arn,
    "ArnLike": _arn,
}
NEGATED = {  # what each of them is the opposite of
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}
_ANY, _ALL, _IF_EXISTS = "ForAnyValue:", "ForAllValues:", "IfExists"


def check(operator: str) -> None:
    """`ValueError` where IAM knows no such operator: the policy is malformed."""
    plain = operator.removeprefix(_ANY).removeprefix(_ALL)
    if plain != "Null" and plain.removesuffix(_IF_EXISTS) not in (*COMPARISONS, *NEGATED):
        raise ValueError(f"{operator} is no condition operator.")


def holds(block: Block, context: Context) -> bool:
    """All of its operators and keys; of the values of one key, any."""
    return all(
        _holds(operator, context.get(key.lower()), [filled(each, context) for each in values])
        for operator, keys in block.items()
        for key, values in keys.items()
    )


def keys_of(block: Block) -> set[str]:
    return {key for keys in block.values() for key in keys}


def _holds(operator: str, known: Sequence[str] | None, values: Sequence[str | None]) -> bool:
    said = [each for each in values if each is not None]
    if operator == "Null":
        return str(known is None).lower() in {each.lower() for each in said}
    over_all = operator.startswith(_ALL)
    plain = operator.removeprefix(_ANY).removeprefix(_ALL)
    name = plain.removesuffix(_IF_EXISTS)
    compare, is_negated = COMPARISONS[NEGATED.get(name, name)], name in NEGATED
    if known is None:
        return name != plain or over_all or (is_negated and not operator.startswith(_ANY))
    each = (any(compare(one, value) for value in said) != is_negated for one in known)
    return all(each) if over_all or (is_negated and not operator.startswith(_ANY)) else any(each)
