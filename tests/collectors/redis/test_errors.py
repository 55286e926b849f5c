"""What a server says is told apart by its first word, and what a line does by its class."""

from __future__ import annotations

import ssl

import pytest
from redis import exceptions

from collectors.errors import CannotCollect, Denied, Expired
from collectors.redis.wire.errors import About, told

ABOUT = About("it:6379", "me", seconds=3)


def said(kind: type[exceptions.RedisError], text: str, word: str) -> Exception:
    """As redis-py raises it: without the word, which it keeps beside."""
    return kind(text, status_code=word) if word else kind(text)


@pytest.mark.parametrize(
    ("error", "kind", "words", "refuses"),
    [
        (said(exceptions.AuthenticationError, "invalid username-password pair", "WRONGPASS"), Expired, "refuses", True),
        (said(exceptions.AuthenticationError, "invalid password", "ERR"), Expired, "refuses the login of me", True),
        (said(exceptions.AuthenticationError, "Authentication required.", "NOAUTH"), Expired, "wants a", True),
        (said(exceptions.NoPermissionError, "no permissions", "NOPERM"), Denied, "may not ask", False),
        (said(exceptions.BusyLoadingError, "Redis is loading", "LOADING"), CannotCollect, "reading its data", False),
        (exceptions.ConnectionError("max number of clients reached"), CannotCollect, "as many clients", False),
        (exceptions.TimeoutError("Timeout reading"), CannotCollect, "did not answer within 3 s", False),
        (exceptions.ResponseError("syntax error"), CannotCollect, "refused the question", False),
        (ConnectionRefusedError(111, "refused"), CannotCollect, "refuses connections", False),
        (ConnectionResetError(104, "reset"), CannotCollect, "broke", False),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"), CannotCollect, "No session", False),
        (ValueError("odd"), CannotCollect, "refused the question", False),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else None,
)
def test_each_is_told_by_what_it_is(error: Exception, kind: type[CannotCollect], words: str, refuses: bool) -> None:
    found = told(error, ABOUT)
    assert type(found.trouble) is kind
    assert words in found.trouble.what
    assert found.refuses is refuses
    assert found.loses is (kind is not Denied)
