"""Who has turned, what was flushed, how was each door meanwhile? For other processes of the play, and for a probe."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from math import inf
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

import orjson

from collectors.knock.knock import Door
from collectors.readings import ResourceId
from console.demo import flushes
from console.demo.emulator.ledger import Ledger
from console.demo.emulator.requests_form import Answer, App, Environ, Start, send
from console.demo.knocking import endpoint_of
from console.demo.model import Model
from console.demo.told import HEADER
from console.demo.turns import BY_ITSELF, Turn
from console.demo.turns_told import FLUSHES, TURNS, entry

DOORS = "/_demo/doors"
WAITS_S = 20.0
MOST_BYTES = 1 << 20
_NOW = "HTTP_" + HEADER.upper().replace("-", "_")
_JSON = (("Content-Type", "application/json"),)
MOST_WAITING = 32  # of those that wait each takes a thread


class Turning:
    """``now``: of the estate, the latest that is known."""

    def __init__(self, model: Model, ledger: Ledger, now: Callable[[], float]) -> None:
        self._model, self._ledger, self._now = model, ledger, now
        self._life = uuid4().hex  # another emulator may know less: then all is told anew
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)

    def wrap(self, app: App) -> App:
        def told(environ: Environ, start: Start) -> Iterable[bytes]:
            match environ.get("PATH_INFO"):
                case path if path == TURNS:
                    document = self._turns(environ)
                case path if path == FLUSHES:
                    return send(self._flushed(environ), start)
                case path if path == DOORS:
                    document = {"turns": list(self._doors())}
                case _:
                    return app(environ, start)
            return send(Answer(200, _JSON, orjson.dumps(document)), start)

        return told

    def _turns(self, environ: Environ) -> dict[str, Any]:
        """All that there are, once there are more than whoever asks knows of this emulator; or after a while."""
        asked = parse_qs(environ.get("QUERY_STRING", ""))
        after, of = asked.get("after", ["0"])[0], asked.get("of", [""])[0]
        known = int(after) if of == self._life and after.isascii() and after.isdigit() else -1
        if self._waiting.acquire(blocking=False):
            try:
                with self._ledger.entered:
                    self._ledger.entered.wait_for(lambda: self._ledger.news > known, WAITS_S)
            finally:
                self._waiting.release()
        with self._ledger.lock:
            news, turns, flushed = self._ledger.news, self._ledger.turns, self._model.flushes.all
        told = {"turns": [entry(turn) for turn in turns], "flushes": [flushes.entry(flush) for flush in flushed]}
        return {"of": self._life, "after": news, **told}

    def _flushed(self, environ: Environ) -> Answer:
        """One that an engine reports is on disk when this is answered. No page of a browser can send the header."""
        try:
            if environ.get("REQUEST_METHOD") != "POST" or not environ.get(_NOW):
                raise ValueError("an engine reports, and says what time it is")
            length = int(environ.get("CONTENT_LENGTH") or 0)
            if not 0 < length <= MOST_BYTES:
                raise ValueError("it is empty, or longer than any")
            is_entered = self._ledger.enter_flush(flushes.flush_of(orjson.loads(environ["wsgi.input"].read(length))))
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            return Answer(400, _JSON, orjson.dumps({"error": repr(error)}))
        return Answer(200 if is_entered else 409, _JSON, b"{}")

    def _doors(self) -> Iterator[dict[str, Any]]:
        """Of those that have begun, in their order."""
        now = self._now()
        for turn in self._model.turns.all:
            if turn.begun <= now and turn.course.doors:
                endpoint = endpoint_of(self._model.machines[turn.about])
                yield {
                    "resource": turn.about,
                    "operation": turn.operation,
                    "by_itself": turn.operation == BY_ITSELF,
                    "begun": _ms(turn.begun),
                    "successor": turn.successor,
                    "endpoint": endpoint,
                    **_opened(turn, endpoint),
                    "moved": _ms(turn.moved),
                    "shown": _ms(turn.shown),
                    "safe": _ms(turn.safe),
                    "of_others": {
                        str(each): _opened(turn, each)
                        for each in sorted({spell.endpoint for spell in turn.course.doors} - {endpoint})
                    },
                }


def _opened(turn: Turn, endpoint: ResourceId) -> dict[str, int | None]:
    return {
        "dark_from": _ms(turn.door(endpoint, Door.DARK)),
        "recovering_from": _ms(turn.door(endpoint, Door.RECOVERING)),
        "read_only_from": _ms(turn.door(endpoint, Door.READ_ONLY)),
        "open_from": _ms(turn.opens(endpoint)),
    }


def _ms(t: float | None) -> int | None:
    return None if t is None or t == inf else round(t * 1000)
