"""What describe calls say of the embedded estate: worked out on read from the model, at the time of the request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from console.demo.emulator import dynamodb, elasticache, rds, tagging
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
from console.demo.emulator.world import World
from console.demo.inventory import REGION
from console.demo.model import Model

Operation = Callable[[World, dict[str, Any]], dict[str, Any]]
OPERATIONS: Mapping[tuple[str, str], Operation] = {
    **{("rds", name): operation for name, operation in rds.OPERATIONS.items()},
    **{("elasticache", name): operation for name, operation in elasticache.OPERATIONS.items()},
    **{("dynamodb", name): operation for name, operation in dynamodb.OPERATIONS.items()},
    **{("resourcegroupstaggingapi", name): operation for name, operation in tagging.OPERATIONS.items()},
}


class Describe:
    def __init__(self, model: Model, now: Callable[[], float]) -> None:
        self._model = model
        self._nowhere = Model(0, 0, ())  # another region has none of it
        self._now = now

    def wrap(self, app: App) -> App:
        def described(environ: Environ, start: Start) -> Iterable[bytes]:
            request = asked(environ)
            operation = OPERATIONS.get((request.service, request.operation))
            if operation is None:
                return app(environ, start)
            try:
                return send(answer(request, operation(self._world(request), parameters(request))), start)
            except Refused as refused:
                return send(error(request, refused), start)

        return described

    def _world(self, request: Asked) -> World:
        model = self._model if request.region == REGION else self._nowhere
        return World(model, self._now(), is_xml=request.protocol == "query")
