"""What is known of a failover when it begins: of whom it is, who is concerned, and how all stood before."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

from collectors.readings import Described, ResourceId
from collectors.safe import NO_TEXT
from console.engine.core import Core
from console.engine.failovers import concerned
from console.engine.failovers.signs import Begun
from console.estate.times import from_ms, to_ms
from console.failover.case import Case
from console.failover.observed import Kind
from console.failover.run import Run
from console.protocol.op import Op
from console.protocol.ulid import ENTROPY_BYTES, ulid

KINDS = {
    "fail-over.instance": Kind.STANDBY,
    "fail-over.cluster": Kind.CLUSTER,
    "fail-over.cache": Kind.CACHE,
    "promote.instance": Kind.PROMOTION,
}
"""Of operations, by their actions."""


def ours(core: Core, told: Op) -> Run:
    """By an operation of ours."""
    kind, now = KINDS[told.action], core.clock.now()
    case = replace(_case(core, told.id, ResourceId(told.resource), kind), by=told.by)
    began = min(now, from_ms(told.sent)) if told.sent is not None else now  # after a restart it was sent long ago
    return Run(case, began, before=concerned.members(kind, case.about, core.estate.resources, None))


def theirs(core: Core, begun: Begun, before: Described | None) -> Run:
    """By a sign. ``before``: as one was listed, where it is by another list that it was seen."""
    id_ = ulid(to_ms(begun.at), os.urandom(ENTROPY_BYTES))
    case = replace(_case(core, id_, begun.resource, begun.kind), is_planned=False, sign=begun.sign)
    there = concerned.members(begun.kind, case.about, core.estate.resources, None)
    if before is None:
        return Run(case, begun.at, before=there)
    return Run(case, begun.at, before=concerned.as_before(there, before), swapped=begun.at)


def _case(core: Core, id_: str, about: ResourceId, kind: Kind) -> Case:
    resources = core.estate.resources
    resource, promised = resources.get(about), core.promised(about, "failover")
    return Case(
        id=id_,
        resource=about,
        kind=kind,
        about=concerned.about(resource, kind, resources) if resource else (about,),
        is_planned=True,
        by=NO_TEXT,
        engine=resource.described.engine if resource else NO_TEXT,
        objective=None if promised is None else timedelta(seconds=promised),
    )
