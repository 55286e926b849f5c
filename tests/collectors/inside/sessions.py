"""Sessions as tests need them."""

from __future__ import annotations

from typing import Any

from collectors.inside.sessions import Session
from collectors.safe import NO_TEXT, Safe


def session(number: int, blocked_by: int = 0, **more: Any) -> Session:
    """Who is blocked waits for as many milliseconds as its number."""
    waits = {"wait": Safe("LCK_M_X"), "wait_ms": float(number)} if blocked_by else {}
    texts: dict[str, Any] = {"login": Safe("svc_orders"), "host": Safe("API-01"), "program": Safe("orders-api")}
    told: dict[str, Any] = {
        "database": Safe("orders"),
        "command": Safe("UPDATE"),
        "statement": Safe("UPDATE t SET a = ?"),
    }
    rest: dict[str, Any] = {"status": Safe("suspended" if blocked_by else "running"), "elapsed_ms": 10.0}
    return Session(
        **{"id": number, "blocked_by": blocked_by, "held": NO_TEXT, **texts, **told, **rest, **waits, **more}
    )
