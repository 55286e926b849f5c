"""How far this clock is from AWS's, by the date of its answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.aws.dating import Dating

NOW = datetime(2026, 11, 21, 3, 4, 10, tzinfo=UTC)


class Session:
    """Botocore's, as far as it is used here."""

    def __init__(self) -> None:
        self.handlers: dict[str, Any] = {}

    def get_component(self, name: str) -> Session:
        return self

    def register(self, event: str, handler: Any) -> None:
        self.handlers[event] = handler


def told(date: str | None) -> timedelta | None:
    dating, session = Dating(lambda: NOW), Session()
    dating.register(session)
    session.handlers["response-received"](response_dict={"headers": {} if date is None else {"Date": date}})
    return dating.skew


@pytest.mark.parametrize(
    ("date", "skew"),
    [
        ("Sat, 21 Nov 2026 03:00:00 GMT", timedelta(minutes=4, seconds=9.5)),
        ("Sat, 21 Nov 2026 03:04:10 GMT", timedelta(seconds=-0.5)),
        ("Sat, 21 Nov 2026 03:14:09 GMT", timedelta(minutes=-9, seconds=-59.5)),
        ("Sat, 21 Nov 2026 03:04:10", None),
        ("soon", None),
        (None, None),
    ],
)
def test_it_is_ahead_by_what_the_answer_is_older_than_now(date: str | None, skew: timedelta | None) -> None:
    assert told(date) == skew
