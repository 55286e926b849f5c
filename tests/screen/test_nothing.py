"""An empty list says which kind of empty it is, why, and what to do."""

from __future__ import annotations

from typing import Any

import pytest

from collectors.safe import Safe
from console.protocol.status import CollectorState, Status
from console.screen.nothing import why_empty
from tests.screen.estate import NOW, picture, res


def inventory(state: Any, **others: Any) -> Status:
    told = CollectorState(name=Safe("inventory"), target=Safe("eu-west-1.prod"), state=state, **others)
    other = CollectorState(name=Safe("inventory"), target=Safe("eu-west-2.prod"), state="ok", last=NOW)
    return Status(online=True, collectors=(other, told))


DENIED = {
    "since": NOW - 90_000,
    "error": "AWS refuses it.",
    "grant": "rds:DescribeDBInstances",
    "mend": "Run `dbconsole policy viewer`.",
}


@pytest.mark.parametrize(
    ("shown", "asked", "says"),
    [
        (picture(meta=None, now_ms=None, contact="joining"), "", ["Waiting for the engine's first samples, for 12s."]),
        (picture(meta=None, now_ms=None, contact="lost"), "", ["The engine was lost 12s ago"]),
        (picture(status=None), "", ["the engine has not begun to look"]),
        (
            picture(status=inventory("pending", since=NOW - 4_000)),
            "",
            ["the inventory of eu-west-1.prod is being asked, for 4s."],
        ),
        (
            picture(status=inventory("denied", **DENIED)),
            "",
            ["is denied, for 1m", "AWS refuses it.", "rds:DescribeDBInstances", "dbconsole policy viewer"],
        ),
        (
            picture(status=inventory("failing", error="No route to host.", next=NOW + 30_000)),
            "",
            ["is failing", "No route to host.", "tried again in 30s"],
        ),
        (
            picture(status=inventory("ok", last=NOW - 5_000)),
            "",
            ["Nothing that was found belongs to shop.", "[estate]"],
        ),
        (picture(status=inventory("ok", paused=True)), "", ["Nothing that was found belongs to shop."]),
        (picture({"a": res()}), "b", ["Nothing matches 'b'. Esc shows all.", "1 resource is hidden"]),
    ],
)
def test_an_empty_list_says_why(shown: Any, asked: str, says: list[str]) -> None:
    told = "\n".join(why_empty(shown, asked))
    assert all(each in told for each in says), told


def test_a_console_that_is_paused_says_so() -> None:
    status = inventory("pending").model_copy(update={"paused": True})
    assert "paused" in why_empty(picture(status=status), "")[0]
