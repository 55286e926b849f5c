"""Which operations does the demo's AWS answer from the model, at the time of the request, and which are moto's?"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from typing import Any

from console.demo.emulator import (
    backup,
    cloudtrail,
    dynamodb,
    dynamodb_backups,
    elasticache,
    elasticache_failover,
    elasticache_snapshots,
    events,
    iam,
    kms,
    rds,
    rds_actions,
    rds_automated,
    rds_maintenance,
    rds_snapshots,
    sts,
    tagging,
)
from console.demo.emulator.gate import spelt
from console.demo.emulator.grants import READS, is_read
from console.demo.emulator.journal import Journal
from console.demo.emulator.ledger import Ledger
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
from console.demo.emulator.sessions import KEY, Session, Sessions
from console.demo.emulator.trail import Trail, noted
from console.demo.emulator.world import Account, Operation, Place, World
from console.demo.inventory import REGION
from console.demo.model import Model

log = logging.getLogger(__name__)

OPERATIONS: Mapping[str, Mapping[str, Operation]] = {
    "rds": {
        **rds.OPERATIONS,
        **rds_snapshots.OPERATIONS,
        **rds_automated.OPERATIONS,
        **rds_maintenance.OPERATIONS,
        **rds_actions.OPERATIONS,
        **events.RDS,
        **tagging.RDS,
    },
    "elasticache": {
        **elasticache.OPERATIONS,
        **elasticache_snapshots.OPERATIONS,
        **elasticache_failover.OPERATIONS,
        **events.ELASTICACHE,
    },
    "dynamodb": {**dynamodb.OPERATIONS, **dynamodb_backups.OPERATIONS},
    "backup": backup.OPERATIONS,
    "kms": kms.OPERATIONS,
    "resourcegroupstaggingapi": tagging.OVERALL,
    "sts": sts.OPERATIONS,
    "iam": iam.OPERATIONS,
    "cloudtrail": cloudtrail.OPERATIONS,
}


class Describe:
    """``model`` is in one region. In any other there is nothing."""

    def __init__(
        self,
        model: Model,
        now: Callable[[], float],
        account: Account | None = None,
        journal: Journal | None = None,
    ) -> None:
        journal = journal or Journal()
        account = account or Account(Sessions("operator"), Trail(now, journal))
        self.ledger = Ledger(model, journal)
        self._here = Place(model, account, self.ledger)
        nothing = Model(0, 0, ())
        self._elsewhere = Place(nothing, account, Ledger(nothing, Journal()), home=model)
        self._account, self._now = account, now

    def wrap(self, app: App) -> App:
        def described(environ: Environ, start: Start) -> Iterable[bytes]:
            request = asked(environ)
            operation = OPERATIONS.get(request.service, {}).get(request.operation)
            if operation is None and is_moto_s(request):
                return app(environ, start)
            try:
                if operation is None:
                    raise lacking(request)
                result = self._result(operation, request, environ.get(KEY))
                noted(environ, result)
                return send(answer(request, result), start)
            except Refused as refused:
                refused = spelt(request, refused)
                noted(environ, refused)
                return send(error(request, refused), start)
            except Exception as bug:
                log.exception("%s:%s", request.service, request.operation)
                return send(error(request, Refused("InternalFailure", repr(bug), 500)), start)

        return described

    def _result(self, operation: Operation, request: Asked, session: Session | None) -> dict[str, Any]:
        said = parameters(request)
        first_asked = moment(said)
        place = self._here if request.region == REGION else self._elsewhere
        t = self._now() if first_asked is None else first_asked
        asker = session or self._account.sessions.person()
        world = World(place, t, is_xml=request.protocol == "query", region=request.region, session=asker)
        with nullcontext() if is_read(request) else place.ledger.lock:
            return operation(world, said)


def is_moto_s(request: Asked) -> bool:
    """What moto would change of the services above, no answer would show."""
    return request.service not in OPERATIONS or request.operation.startswith(READS)


def lacking(request: Asked) -> Refused:
    return Refused("InvalidAction", f"The demo's AWS has no {request.service}:{request.operation}.")
