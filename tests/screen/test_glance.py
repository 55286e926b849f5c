"""Does a row say what is the matter, also where nothing is beyond a bound?"""

from __future__ import annotations

from typing import Any

import pytest

from collectors.safe import Safe
from console.protocol.res import Replication, Res, Value
from console.screen.glance import lag, why
from console.screen.values import SIGNS
from tests.screen.estate import NOW, res, with_cpu


def test_a_row_says_what_cannot_be_seen_or_an_unusual_status_where_there_is_no_worse_reason() -> None:
    assert why(with_cpu(None, level="high", why=("lag over 5 s",)))[0] == "lag over 5 s"
    assert why(with_cpu(None, status="modifying"))[0] == "1 value cannot be read"
    assert why(res(status="modifying"))[0] == "modifying"
    assert why(res())[0] == ""


def behind(state: str, lag: float | None, **fields: Any) -> Res:
    value = Value(v=lag, t=NOW, u=Safe("Seconds"), **fields)
    return res(replication=Replication(source="a", state=state), values={"replica.lag_s": value})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (behind("behind", 12.4), "12.4s"),
        (behind("in step", 0.0), "0s"),
        (behind("broken", None), "broken"),
        (behind("broken", 0.0), "broken"),  # a number of before
        (behind("silent", None), "silent"),
        (behind("paused", None), "paused"),
        (behind("unknown", None), "unknown"),
        (behind("replicating", None), "∅"),
        (behind("in step", None, s="error"), "✕"),
        (res(), "—"),
    ],
)
def test_of_a_dead_link_no_number_is_shown(given: Res, said: str) -> None:
    assert lag(given, NOW, SIGNS)[0] == said
