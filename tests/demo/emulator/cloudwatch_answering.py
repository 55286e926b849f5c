"""The emulator's CloudWatch behind a real socket, at a time and with the faults that a test chooses."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any

import boto3
from botocore.config import Config
from werkzeug.serving import WSGIRequestHandler, make_server

from collectors.readings import ResourceId
from collectors.safe import Safe
from console.demo.emulator.faults import Clocks
from console.demo.emulator.front import in_front
from console.demo.emulator.requests_form import Environ, Refused, Start, asked, error, send
from console.demo.model import Model

NOW = 1_795_262_417.0  # a Saturday morning, 17 seconds into its minute
MINUTE_NOW = 1_795_262_400
BEYOND = "Beyond"


@dataclass(frozen=True)
class Fault:
    kind: str
    collector: str | None = None
    resource: ResourceId | None = None


@dataclass
class Answering:
    port: int
    model: Model
    now: float = NOW
    faults: list[Fault] = field(default_factory=list)
    huge: int = 0  # bytes of nonsense that every answer then has
    clients: dict[tuple[str, str, float], Any] = field(default_factory=dict)
    beyond: list[str] = field(default_factory=list)  # requests that were passed on

    def client(self, service: str = "cloudwatch", *, region: str = "eu-west-1", patience: float = 20) -> Any:
        """One for each way to ask: to make them takes longer than to ask."""
        known = self.clients.get((service, region, patience))
        if known is None:
            retries = {"total_max_attempts": 1, "mode": "standard"}
            known = boto3.session.Session("AKIAEXAMPLE", "secret", region_name=region).client(
                service,
                endpoint_url=f"http://127.0.0.1:{self.port}",
                config=Config(retries=retries, read_timeout=patience, connect_timeout=3),
            )
            self.clients[service, region, patience] = known
        return known

    def log(self) -> dict[str, Any]:
        connection = HTTPConnection("127.0.0.1", self.port)
        connection.request("GET", "/_demo/requests")
        found: dict[str, Any] = json.loads(connection.getresponse().read())
        connection.close()
        return found


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # as the emulator's own

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  # werkzeug's name
        pass


@contextmanager
def answering(model: Model | None = None) -> Iterator[Answering]:
    world = Answering(0, model or Model(7, NOW - 3600))

    def beyond(environ: Environ, start: Start) -> Iterable[bytes]:
        request = asked(environ)
        world.beyond.append(request.operation)
        return send(error(request, Refused(BEYOND, "It got through to what is behind.", 404)), start)

    def now() -> float:
        return world.now

    def huge(environ: Environ, start: Start) -> Iterable[bytes]:
        if not world.huge:
            return app(environ, start)
        asked(environ)
        start("200 OK", [("Content-Type", "application/x-amz-json-1.0"), ("Content-Length", str(world.huge))])
        return (b" " * min(65_536, world.huge - sent) for sent in range(0, world.huge, 65_536))

    app = in_front(beyond, world.model, lambda t: world.faults, Clocks(now, now))
    server = make_server("127.0.0.1", 0, huge, threaded=True, request_handler=Quiet)
    world.port = server.port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield world
    finally:
        for client in world.clients.values():
            client.close()
        server.shutdown()
        thread.join()
        server.server_close()


def named(name: str) -> ResourceId:
    return ResourceId(Safe(name))


def query(
    name: str, about: str, stat: str = "Average", *, period: int = 60, id_: str = "q", **more: Any
) -> dict[str, Any]:
    """Of an instance, or under the dimensions given."""
    under = more.pop("under", [{"Name": "DBInstanceIdentifier", "Value": about}])
    metric = {"Namespace": more.pop("of", "AWS/RDS"), "MetricName": name, "Dimensions": under}
    return {"Id": id_, "MetricStat": {"Metric": metric, "Period": period, "Stat": stat}, **more}


NODE = [{"Name": "CacheClusterId", "Value": "sessions-001"}, {"Name": "CacheNodeId", "Value": "0001"}]


def at(t: float) -> datetime:
    return datetime.fromtimestamp(t, UTC)


def ask(world: Answering, *queries: dict[str, Any], since: float = MINUTE_NOW - 3600, **more: Any) -> dict[str, Any]:
    client = world.client()
    asked = {"StartTime": at(since), "EndTime": at(MINUTE_NOW), **more}
    answer: dict[str, Any] = client.get_metric_data(MetricDataQueries=list(queries), **asked)
    return answer


def series(world: Answering, one: dict[str, Any], **more: Any) -> dict[float, float]:
    result = ask(world, one, **more)["MetricDataResults"][0]
    return {t.timestamp(): v for t, v in zip(result["Timestamps"], result["Values"], strict=True)}
