"""Nothing but reads leaves a session that is guarded: refused before a byte is sent, however it was called."""

from __future__ import annotations

from typing import Any

from collectors.aws.allowed import grant, is_allowed
from collectors.errors import Trouble

_EVENTS = ("before-parameter-build", "before-call")
"""The first comes for presigned URLs too; the second for whatever builds its parameters on its own."""


class NotAllowed(Trouble):
    """An operation that reading does not need. To see it is to have found a fault of ours."""


def guard(session: Any) -> None:
    """Every client that this session of botocore makes from now on; those made before stay as they are."""
    emitter = session.get_component("event_emitter")
    for event in _EVENTS:
        emitter.register_first(event, _refuse_all_else)


def _refuse_all_else(model: Any, **_: Any) -> None:
    service, operation = model.service_model.service_name, model.name
    if not is_allowed(service, operation):
        what = f"{grant(service, operation)} is not on the list of what this console reads."
        raise NotAllowed(what, seen="it was refused here, and nothing was sent", mend="Please report this.")
