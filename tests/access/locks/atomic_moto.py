"""moto with what AWS promises and moto does not: each request is done whole, however many come at once."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.collectors.aws.asked import Moto


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """Nobody reads it."""


class _OneAtATime:
    def __init__(self) -> None:
        self._app = DomainDispatcherApplication(create_backend_app)
        self._turn = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._turn:
            parts: Iterable[bytes] = list(self._app(environ, start_response))
        return parts


@contextmanager
def atomic_moto() -> Iterator[Moto]:
    server = make_server("127.0.0.1", 0, _OneAtATime(), threaded=True, request_handler=_Quiet)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield Moto(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


class Together:
    """A client whose writes wait for each other: everybody has read before anybody writes."""

    def __init__(self, client: Any, takers: int, writes: tuple[str, ...]) -> None:
        self._client = client
        self._writes = writes
        self._barrier = threading.Barrier(takers, timeout=20)
        self._came = threading.local()

    def __getattr__(self, name: str) -> Any:
        if name in self._writes and not getattr(self._came, "before", False):
            self._came.before = True  # a second write of the same taker comes alone
            self._barrier.wait()
        return getattr(self._client, name)
