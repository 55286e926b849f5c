"""What does a statement say, and what is its plan, without the values in them?

Values are other people's data. They are taken out before a fact exists; names stay, whoever chose them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from collectors.errors import CannotCollect
from collectors.statement_calls import without_bare_values
from collectors.statement_tokens import LIST, PLACE, Dialect, Kind, Lexeme, lexemes

_BEFORE_LIST = frozenset({"IN", "VALUES"})
_IN_LIST = frozenset({"NULL", "DEFAULT", "TRUE", "FALSE"})
_BEFORE_VALUE = frozenset(
    {"AND", "BETWEEN", "BY", "CASE", "ELSE", "IN", "IS", "LIKE", "LIMIT", "NOT", "OFFSET", "OR", "RETURN", "SELECT"}
    | {"SET", "THEN", "TOP", "VALUES", "WHEN", "WHERE"}
)
_PLAN_NAMES = frozenset(
    {"Alias", "Column", "DataType", "Database", "FunctionName", "Index", "Name", "ParameterDataType", "PlanGuideDB"}
    | {"PlanGuideName", "ProcName", "Schema", "Server", "Statistics", "Table", "TemplatePlanGuideDB"}
    | {"TemplatePlanGuideName"}
)
_PLAN_PLAIN = re.compile(r"[\w.:+-]*")
_PLAN_UNTOLD = frozenset({"InternalInfo"})  # holds what the server's makers like
MOST_OF_A_PLAN = 16 * 1024 * 1024  # characters
DEEPEST_PLAN = 4096  # elements within one another; the deepest that were seen have some hundreds
MOST_WRITTEN = 2048
_written_before: dict[bytes, str] = {}  # a server runs the same few statements; the texts themselves are not kept
_AROUND_SIGNS = re.compile(r" ?([^\w ]) ?")


def normalise(text: str, dialect: Dialect = Dialect.TSQL) -> str:
    """On one line: `?` for each literal, `(…)` for a list of them after IN or VALUES, no comment. Never raises.

    What is cut in the middle of a literal ends there. What is normalised stays as it is.
    """
    seen = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=dialect.name.encode()).digest()
    if (known := _written_before.get(seen)) is not None:
        return known
    found = _unsigned(lexemes(text, dialect))
    if dialect is Dialect.TSQL:
        found = without_bare_values(found)
    if len(_written_before) >= MOST_WRITTEN:
        _written_before.clear()
    return _written_before.setdefault(seen, _written(_folded(found)))


def fingerprint(text: str, dialect: Dialect = Dialect.TSQL) -> str:
    """16 hex digits, the same wherever only values, comments, spaces or case differ."""
    bare = _AROUND_SIGNS.sub(r"\1", normalise(text, dialect)).casefold()
    return blake2b(bare.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()


def _unsigned(given: Iterable[Lexeme]) -> list[Lexeme]:
    """A sign belongs to the literal after it unless it stands between two values."""
    out: list[Lexeme] = []
    for one in given:
        now = one
        while now.kind is Kind.LITERAL and out and out[-1].kind is Kind.SIGN and _starts_value(out):
            now = now._replace(spaced=out.pop().spaced)
        out.append(now)
    return out


def _starts_value(out: list[Lexeme]) -> bool:
    if len(out) < 2:
        return True
    before = out[-2]
    if before.kind is Kind.OTHER:
        return before.text not in "]}."
    return before.is_word(_BEFORE_VALUE) or before.kind in (Kind.SIGN, Kind.OPEN, Kind.COMMA)


def _folded(given: list[Lexeme]) -> list[Lexeme]:
    out: list[Lexeme] = []
    at = 0
    while at < len(given):
        out.append(given[at])
        at += 1
        if not out[-1].is_word(_BEFORE_LIST):
            continue
        end = _end_of_list(given, at)
        if end > at:
            out += (Lexeme(Kind.OPEN, "(", True), Lexeme(Kind.LITERAL, LIST, False), Lexeme(Kind.CLOSE, ")", False))
        while end > at:
            at = end
            more = at + 1 < len(given) and given[at].kind is Kind.COMMA
            end = _end_of_list(given, at + 1) if more else at
            if end == at + 1:
                break
    return out


def _end_of_list(given: list[Lexeme], start: int) -> int:
    """Behind the list of literals that begins there; where none does, there. One that is cut ends with the text."""
    if start >= len(given) or given[start].kind is not Kind.OPEN:
        return start
    depth = 0
    for at in range(start, len(given)):
        one = given[at]
        if one.kind is Kind.OPEN:
            depth += 1
        elif one.kind is Kind.CLOSE:
            depth -= 1
            if not depth:
                return at + 1
        elif one.kind not in (Kind.LITERAL, Kind.COMMA) and not one.is_word(_IN_LIST):
            return start
    return len(given)


def _written(given: list[Lexeme]) -> str:
    out: list[str] = []
    before: Lexeme | None = None
    for one in given:
        if before is not None and (one.spaced or _would_join(before, one)):
            out.append(" ")
        out.append(one.text)
        before = one
    return "".join(out)


def _would_join(before: Lexeme, one: Lexeme) -> bool:
    """`LIKE'x'ESCAPE'y'` has no spaces, and needs them once its literals are marks; two signs would be a comment."""
    if one.kind is Kind.SIGN:
        return before.kind is Kind.SIGN
    words = (Kind.WORD, Kind.LITERAL)
    return before.kind in words and one.kind in words


def strip_plan(xml: str) -> str:
    """A showplan as it was, but without values: its texts are normalised, parameters and constants are `?`.

    Raises `CannotCollect` for what is too large, too deep, declares a document type, or is no XML.
    """
    if len(xml) > MOST_OF_A_PLAN:
        what = "The plan is too large to be shown."
        raise CannotCollect(what, seen=f"{len(xml)} characters; {MOST_OF_A_PLAN} are the most")
    try:
        return _Plan().read(xml)
    except (expat.ExpatError, ValueError) as error:
        raise CannotCollect("The plan is not complete, or no XML.", seen=type(error).__name__) from None


class _Plan:
    """Writes each element as it is read, so that depth costs nothing. Text, comments and the like are left out."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._open: list[str] = []
        self._untold = 0  # how many elements are open that are left out

    def read(self, xml: str) -> str:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._declares  # without one there is no entity to expand
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.Parse(xml, True)
        return "".join(self._out)

    def _declares(self, *_: object) -> None:
        raise CannotCollect("The plan declares a document type, which no plan does.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= DEEPEST_PLAN:
            raise CannotCollect("The plan is too deep to be shown.", seen=f"more than {DEEPEST_PLAN} levels")
        self._open.append(name)
        if self._untold or name in _PLAN_UNTOLD:
            self._untold += 1
            return
        told = (f" {key}={quoteattr(_told(key, value))}" for key, value in attributes.items())
        self._out.append(f"<{name}{''.join(told)}>")

    def _end(self, name: str) -> None:
        self._open.pop()
        if self._untold:
            self._untold -= 1
        else:
            self._out.append(f"</{name}>")


def _told(key: str, value: str) -> str:
    """What may be told of an attribute. An unknown one passes where it is one word or number, as costs are."""
    name = key.rpartition(":")[2]
    if name.endswith("Value"):  # ConstValue, ParameterCompiledValue, ParameterRuntimeValue
        return PLACE
    if name in _PLAN_NAMES or key.startswith("xmlns"):
        return value
    if name.endswith(("Text", "String", "Query")) or not _PLAN_PLAIN.fullmatch(value):
        return normalise(value)
    return value
