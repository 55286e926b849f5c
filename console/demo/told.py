"""What time is it in the embedded estate? Each request tells its emulator, whose own clock could not stand still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from console.estate.times import to_ms

HEADER = "X-Dbconsole-Now"  # milliseconds since 1970


def telling(now: Callable[[], datetime]) -> Callable[[Any], None]:
    """Prepares a session of botocore so that each of its requests says what time it is."""

    def prepare(session: Any) -> None:
        session.get_component("event_emitter").register("before-sign", tell)

    def tell(request: Any, **_: object) -> None:
        request.headers[HEADER] = str(to_ms(now()))

    return prepare
