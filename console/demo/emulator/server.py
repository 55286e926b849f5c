"""The emulated AWS on a socket: what the demo knows answers first, moto whatever is left."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Iterable
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from console.demo.emulator.describe import Describe, lacking
from console.demo.emulator.faults import Clocks
from console.demo.emulator.front import in_front
from console.demo.emulator.journal import Journal
from console.demo.emulator.now import Now
from console.demo.emulator.playing import playing
from console.demo.emulator.requests_form import App, Environ, Start, asked, error, send
from console.demo.emulator.sessions import Sessions
from console.demo.emulator.spec import EmulatorSpec
from console.demo.emulator.trail import Trail
from console.demo.emulator.turning import Turning
from console.demo.emulator.world import Account
from console.demo.inventory import ACCOUNT
from console.demo.model import Model
from console.demo.played import model_of

log = logging.getLogger(__name__)


class _Quiet(WSGIRequestHandler):
    """Says nothing on a terminal that is not its own; keeps connections, as AWS does."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else an answer in two writes waits 40 ms for the client's acknowledgement

    def log(self, *_: Any) -> None:
        pass


def dated(now: Now) -> type[WSGIRequestHandler]:
    """Werkzeug writes a date of its own on each answer: of the estate it is, as AWS's is AWS's."""

    class Dated(_Quiet):
        def date_time_string(self, timestamp: float | None = None) -> str:
            return now.date()

    return Dated


class Behind:
    """moto, loaded when something is asked that the demo itself does not know: it takes a second or two."""

    def __init__(self) -> None:
        self._app: App | None = None
        self._loading = threading.Lock()

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        with self._loading:
            if self._app is None:
                from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: PLC0415

                self._app = DomainDispatcherApplication(create_backend_app)
        told: list[Any] = []
        try:
            body = list(self._app(environ, lambda *given: told.append(given)))
            is_page = "text/html" in dict(told[0][1]).get("Content-Type", "")
        except Exception as missing:  # noqa: BLE001 - moto says in many ways that it lacks something
            log.info("moto: %r", missing)
            is_page = True
        if is_page:
            request = asked(environ)
            return send(error(request, lacking(request)), start)
        start(*told[0])
        return body


def application(model: Model, now: Now, spec: EmulatorSpec) -> App:
    journal = Journal(spec.ledger, spec.run)
    account = Account(Sessions(spec.role), Trail(now, journal), spec.manual_snapshots)
    describe = Describe(model, now, account, journal)
    described = describe.wrap(Behind())
    clocks = Clocks(now, now.latest)
    fronted = in_front(described, model, model.faults, clocks, sessions=account.sessions, trail=account.trail)
    return now.wrap(playing(spec).wrap(Turning(model, describe.ledger, now.latest).wrap(fronted)))


def serve(spec: EmulatorSpec) -> None:
    """Until whoever started it is gone."""
    _die_with(spec.life)
    os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT
    model = model_of(spec.scenario, seed=spec.seed, size=spec.size, start=spec.start)
    listening = socket.socket(fileno=spec.listening)
    now = Now(spec.start.timestamp(), spec.anchor, spec.speed)
    server: BaseWSGIServer = make_server(
        "127.0.0.1",
        listening.getsockname()[1],
        application(model, now, spec),
        threaded=True,
        request_handler=dated(now),
        fd=spec.listening,
    )
    server.serve_forever(poll_interval=3600)


def _die_with(life: int) -> None:
    def watch() -> None:
        os.read(life, 1)
        os._exit(0)

    threading.Thread(target=watch, name="life", daemon=True).start()
