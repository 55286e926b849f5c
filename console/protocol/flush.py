"""How a cache and its origin do after a flush, for a quarter of an hour. The body of `flush`."""

from __future__ import annotations

from operator import not_
from typing import Literal

from pydantic import Field

from collectors.safe import Safe
from console.protocol.body import Body, Millis, Number, Text, is_absent

WhatWord = Literal["hit rate", "evictions", "CPU", "compilations"]


class FlushFigure(Body):
    """One value: as it was, the worst since, and as it is. None is what nobody has told."""

    what: WhatWord
    about: Text  # whose
    before: Number | None = None
    worst: Number | None = None
    now: Number | None = None
    back: Millis | None = None  # since when it is as before again, where it was otherwise
    is_as_before: bool = Field(default=False, exclude_if=not_)


class Flush(Body):
    """One watch, whole, from the end of its operation until some time after its own. Times are of the estate."""

    id: Text  # the operation's
    resource: Text  # as the estate calls what was flushed
    title: Text  # as the operation is called
    by: Text = Safe("")
    failed: bool = Field(default=False, exclude_if=not_)  # it did not come to its end: what it did is watched as well
    sent: Millis
    done: Millis  # when it had ended
    until: Millis  # when the watch ends at the latest
    ended: Millis | None = None  # when it did
    figures: tuple[FlushFigure, ...] = ()
    alarms: tuple[Text, ...] = Field(default=(), exclude_if=is_absent)
    outcome: Text = Safe("")  # one sentence, once there is one
