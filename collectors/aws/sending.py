"""How does one request leave, and how much may come back? Counted as it is sent; an endless answer is cut off."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from collectors.aws.failures import Oversized

MOST_BYTES = 32 << 20  # of one answer; 500 series of three hours are under two
_CHUNK = 64 << 10
_NOTED = "dbconsole"  # in botocore's context of a call
Count = Callable[[str, str, int], None]


class Counting:
    """Tells ``count`` of each attempt of each call of a session, those that ask for its credentials among them."""

    def __init__(self, count: Count) -> None:
        self._count = count
        self._next = threading.local()  # what this thread is about to send

    def register(self, session: Any) -> None:
        emitter = session.get_component("event_emitter")
        emitter.register("before-parameter-build", self._note_call)
        emitter.register_last("request-created", self._note_attempt)  # the signer may ask for credentials before
        emitter.register_first("before-send", self._sent)

    def _note_call(self, params: Any, model: Any, context: dict[str, Any], **_: Any) -> None:
        queries = params.get("MetricDataQueries", ()) if isinstance(params, dict) else ()
        metrics = sum("MetricStat" in query for query in queries)
        context[_NOTED] = (model.service_model.service_name, model.name, metrics)

    def _note_attempt(self, request: Any, **_: Any) -> None:
        self._next.call = request.context.get(_NOTED)

    def _sent(self, **_: Any) -> None:
        self._count(*self._next.call)


class Bounded:
    """An HTTP session of botocore's whose answers end with an error where they are too large."""

    def __init__(self, http: Any, most: int = MOST_BYTES) -> None:
        self._http = http
        self._most = most

    def send(self, request: Any) -> Any:
        from botocore.exceptions import ConnectionClosedError, ReadTimeoutError  # noqa: PLC0415 - slow; in a thread
        from urllib3 import exceptions  # noqa: PLC0415

        request.stream_output = True  # or all of it is read before anybody can look at it
        answer = self._http.send(request)
        try:
            body = self._body(answer.raw)
        except exceptions.ReadTimeoutError as error:
            raise ReadTimeoutError(endpoint_url=request.url, error=error) from error
        except exceptions.HTTPError as error:
            raise ConnectionClosedError(endpoint_url=request.url, error=error, request=request) from error
        if len(body) < int(answer.headers.get("Content-Length") or 0):  # botocore would try to parse it
            raise ConnectionClosedError(endpoint_url=request.url)
        answer._content = body  # noqa: SLF001 - where botocore keeps what was read
        return answer

    def close(self) -> None:
        self._http.close()

    def _body(self, raw: Any) -> bytes:
        parts, came = [], 0
        try:
            for chunk in raw.stream(_CHUNK):
                came += len(chunk)
                if came > self._most:
                    raise Oversized(f"more than {self._most >> 20} MiB")
                parts.append(chunk)
        except BaseException:
            raw.close()  # it is of no use to the next request
            raise
        return b"".join(parts)


def moment(value: Any) -> datetime:
    """A time in an answer. Botocore's own way tries a few parsers and asks for the local zone each time."""
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        from botocore.utils import parse_timestamp  # noqa: PLC0415 - for what no service of ours sends

        parsed: datetime = parse_timestamp(value)
        return parsed
    return found if found.tzinfo else found.replace(tzinfo=UTC)
