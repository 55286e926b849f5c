"""Which operations does the demo's AWS answer from the model, at the time of the request, and which are moto's?"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from typing import Any

from console.demo.emulator import (
    backup,
    caller,
    dynamodb,
    elasticache,
    elasticache_snapshots,
    events,
    kms,
    rds,
    rds_actions,
    rds_automated,
    rds_snapshots,
    tagging,
)
from console.demo.emulator.lists import moment
from console.demo.emulator.requests_form import (
    App,
    Asked,
    Environ,
    Refused,
    Start,
    answer,
    asked,
    error,
    parameters,
    send,
)
from console.demo.emulator.world import Operation, Place, World
from console.demo.inventory import REGION
from console.demo.model import Model

log = logging.getLogger(__name__)

OPERATIONS: Mapping[str, Mapping[str, Operation]] = {
    "rds": {
        **rds.OPERATIONS,
        **rds_snapshots.OPERATIONS,
        **rds_automated.OPERATIONS,
        **rds_actions.OPERATIONS,
        **events.RDS,
        **tagging.RDS,
    },
    "elasticache": {**elasticache.OPERATIONS, **elasticache_snapshots.OPERATIONS, **events.ELASTICACHE},
    "dynamodb": dynamodb.OPERATIONS,
    "backup": backup.OPERATIONS,
    "kms": kms.OPERATIONS,
    "resourcegroupstaggingapi": tagging.OVERALL,
    "sts": caller.OPERATIONS,
}
READS = ("Describe", "List", "Get")
MOTO_CHANGES = frozenset({"sts"})  # of the services above: what moto would change of the others, no answer would show


class Describe:
    """``model`` is in one region. In any other there is nothing."""

    def __init__(self, model: Model, now: Callable[[], float]) -> None:
        self._here, self._elsewhere = Place(model), Place(Model(0, 0, ()), home=model)
        self._now = now

    def wrap(self, app: App) -> App:
        def described(environ: Environ, start: Start) -> Iterable[bytes]:
            request = asked(environ)
            operation = OPERATIONS.get(request.service, {}).get(request.operation)
            if operation is None and is_moto_s(request):
                return app(environ, start)
            try:
                if operation is None:
                    raise lacking(request)
                return send(answer(request, self._result(operation, request)), start)
            except Refused as refused:
                return send(error(request, refused), start)
            except Exception as bug:
                log.exception("%s:%s", request.service, request.operation)
                return send(error(request, Refused("InternalFailure", repr(bug), 500)), start)

        return described

    def _result(self, operation: Operation, request: Asked) -> dict[str, Any]:
        said = parameters(request)
        first_asked = moment(said)
        place = self._here if request.region == REGION else self._elsewhere
        t = self._now() if first_asked is None else first_asked
        world = World(place, t, is_xml=request.protocol == "query", region=request.region)
        with nullcontext() if request.operation.startswith(READS) else place.ledger.lock:
            return operation(world, said)


def is_moto_s(request: Asked) -> bool:
    known = request.service in OPERATIONS and request.service not in MOTO_CHANGES
    return not known or request.operation.startswith(READS)


def lacking(request: Asked) -> Refused:
    return Refused("InvalidAction", f"The demo's AWS has no {request.service}:{request.operation}.")
