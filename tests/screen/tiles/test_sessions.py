"""Who is at work, and who holds up whom, in a few lines of the board."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from collectors.inside.sessions import Session, Sessions
from collectors.readings import ResourceId, Severity
from collectors.safe import Safe
from console.estate.times import from_ms
from tests.screen.bodies import NOW, ORDERS, res
from tests.screen.tiles.scenes import collector, scene, seen, tell, words

SEEN = from_ms(NOW)
IDLE = Session(
    id=61,
    status=Safe("sleeping"),
    login=Safe("svc"),
    host=Safe("WEB-03"),
    program=Safe("checkout"),
    database=Safe("orders"),
    command=Safe(""),
    statement=Safe("UPDATE dbo.stock SET on_hand = ?"),
    idle_ms=240_000.0,
    transactions=1,
    transaction_began=SEEN - timedelta(minutes=5),
)
WAITER = replace(
    IDLE,
    id=72,
    status=Safe("suspended"),
    idle_ms=None,
    elapsed_ms=61_000.0,
    wait=Safe("LCK_M_X"),
    wait_ms=60_000.0,
    blocked_by=61,
)


def told(name: str, *rows: Session) -> tuple[str, Severity | None]:
    fact = Sessions(ResourceId(Safe(ORDERS)), SEEN, rows, connected=12)
    picture = replace(seen({ORDERS: res()}, collector("sessions")), inside={Sessions.part: {ORDERS: fact}})
    found = tell(name, scene(picture))
    return " ".join(words(found)), found.level


def test_an_idle_head_is_told_with_what_it_ran_and_makes_the_tile_a_warning() -> None:
    text, level = told("blocking", WAITER, IDLE)
    assert "1 session waits for 61 checkout on WEB-03, the longest for 1m00s." in text
    assert "idle 4m00s, transaction open 5m00s" in text
    assert "UPDATE dbo.stock" in text
    assert level is Severity.WARNING


def test_a_short_wait_is_no_warning_and_nobody_is_said_to_be_nobody() -> None:
    assert told("blocking", replace(WAITER, wait_ms=900.0), IDLE)[1] is None
    assert told("blocking", IDLE) == ("Nobody blocks anybody.", None)


def test_activity_counts_who_has_a_request_and_names_the_first() -> None:
    text, _ = told("activity", WAITER, IDLE)
    assert text.startswith("1 at work of 12 connected 72 LCK_M_X 1m00s by 61")
