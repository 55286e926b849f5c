"""How does one request leave, and how much may come back? Counted as it is sent; an endless answer is cut off."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from collectors.aws.failures import Oversized

MOST_BYTES = 32 << 20  # of one answer; 500 series of three hours are under two
Count = Callable[[str, str, int], None]


class Sending:
    """The handlers of one session. Stateless but for what belongs to the thread that sends."""

    def __init__(self, count: Count) -> None:
        self._count = count
        self._of_thread = threading.local()

    def register(self, session: Any) -> None:
        emitter = session.get_component("event_emitter")
        emitter.register("before-parameter-build", self._note_metrics)
        emitter.register("request-created", self._note_request)

    def send_with(self, client: Any) -> None:
        """Last, so that other handlers have had their say: what it returns is taken for the answer."""
        http = client._endpoint.http_session  # noqa: SLF001 - botocore has no other place for a limit

        def send(request: Any, event_name: str, **_: Any) -> Any:
            service, operation = client.meta.service_model.service_name, event_name.rpartition(".")[2]
            self._count(service, operation, getattr(self._of_thread, "metrics", 0))
            request.stream_output = True  # or all of it is read before anybody can look at it
            answer = http.send(request)
            answer.raw = Limited(answer.raw, MOST_BYTES)
            return answer

        client.meta.events.register_last("before-send", send)

    def _note_metrics(self, params: Any, context: dict[str, Any], **_: Any) -> None:
        queries = params.get("MetricDataQueries", ()) if isinstance(params, dict) else ()
        context["dbconsole_metrics"] = sum("MetricStat" in query for query in queries)

    def _note_request(self, request: Any, **_: Any) -> None:
        """Each attempt makes a request of its own, in the thread that sends it next."""
        self._of_thread.metrics = request.context.get("dbconsole_metrics", 0)


class Limited:
    """A body that ends with an error where it is too large."""

    def __init__(self, raw: Any, most: int) -> None:
        self._raw = raw
        self._most = most

    def stream(self, *args: Any, **kwargs: Any) -> Iterator[bytes]:
        came = 0
        for chunk in self._raw.stream(*args, **kwargs):
            came += len(chunk)
            if came > self._most:
                self._raw.close()
                raise Oversized(f"more than {self._most >> 20} MiB")
            yield chunk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


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
