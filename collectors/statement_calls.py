"""Which words of a T-SQL call are values? `EXEC sp_addlogin bob, secret` needs no quotes: a bare word is a string."""

from __future__ import annotations

from collectors.statement_tokens import PLACE, Kind, Lexeme

_CALLS = frozenset({"EXEC", "EXECUTE"})
_NO_CALL = frozenset({"AS", "ON", "TO", "ANY"})  # EXECUTE AS, GRANT EXECUTE ON, GRANT EXECUTE TO
_NO_VALUE = frozenset({"NULL", "DEFAULT", "OUTPUT", "OUT"})
_VALUES = (Kind.WORD, Kind.LITERAL)
_NEXT_STATEMENT = frozenset(
    {"ALTER", "BEGIN", "BREAK", "CLOSE", "COMMIT", "CONTINUE", "CREATE", "DEALLOCATE", "DECLARE", "DELETE", "DENY"}
    | {
        "DROP",
        "ELSE",
        "END",
        "EXEC",
        "EXECUTE",
        "FETCH",
        "GO",
        "GOTO",
        "GRANT",
        "IF",
        "INSERT",
        "KILL",
        "MERGE",
        "OPEN",
    }
    | {"PRINT", "RAISERROR", "RETURN", "REVOKE", "ROLLBACK", "SAVE", "SELECT", "SET", "THROW", "TRUNCATE", "UPDATE"}
    | {"USE", "WAITFOR", "WHILE", "WITH"}
)


def without_bare_values(given: list[Lexeme]) -> list[Lexeme]:
    """The same, with a `?` for each word that a call is given."""
    out = list(given)
    at = 0
    while at < len(out):
        at += 1
        if out[at - 1].is_word(_CALLS) and not (at < len(out) and out[at].is_word(_NO_CALL)):
            at = _mark_values(out, _past_name(out, at))
    return out


def _past_name(out: list[Lexeme], at: int) -> int:
    """Behind `@result = server.database..name`."""
    if _is(out, at + 1, "="):
        at += 2
    named = False
    while at < len(out) and (_is(out, at, ".") or (out[at].kind is Kind.WORD and not named)):
        named = not _is(out, at, ".")
        at += 1
    return at


def _mark_values(out: list[Lexeme], at: int) -> int:
    """Marks what is given there, and gives where that ends: without a comma the next statement begins."""
    first = True
    while at < len(out):
        if _is(out, at + 1, "="):
            at += 2
        while at < len(out) and out[at].kind is Kind.SIGN:
            at += 1
        if at == len(out) or out[at].kind not in _VALUES or (first and out[at].is_word(_NEXT_STATEMENT)):
            return at
        if out[at].kind is Kind.WORD and not out[at].text.startswith("@") and not out[at].is_word(_NO_VALUE):
            out[at] = out[at]._replace(kind=Kind.LITERAL, text=PLACE)
        at += 1
        if at < len(out) and out[at].is_word(_NO_VALUE):  # @p OUTPUT
            at += 1
        if at == len(out) or out[at].kind is not Kind.COMMA:
            return at
        at, first = at + 1, False
    return at


def _is(out: list[Lexeme], at: int, text: str) -> bool:
    return at < len(out) and out[at].text == text
