"""Does a row say what is the matter, also where nothing is beyond a bound?"""

from __future__ import annotations

from console.screen.glance import why
from tests.screen.estate import res, with_cpu


def test_a_row_says_what_cannot_be_seen_or_an_unusual_status_where_there_is_no_worse_reason() -> None:
    assert why(with_cpu(None, level="high", why=("lag over 5 s",)))[0] == "lag over 5 s"
    assert why(with_cpu(None, status="modifying"))[0] == "1 value cannot be read"
    assert why(res(status="modifying"))[0] == "modifying"
    assert why(res())[0] == ""
