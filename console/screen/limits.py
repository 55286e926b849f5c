"""Which bounds of the profile, and which promises, concern one value of one resource? The gravest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.estate.levels import RANK, Concern
from console.screen.glance import LEVELS
from console.screen.picture import Picture
from console.screen.values import TONES
from widgets import chart_data
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.meta import Objective, Threshold

OBJECTIVE = Safe("objective")


def limits_of(picture: Picture, resource: str, series: str) -> tuple[Threshold, ...]:
    """By the patterns that the profile gives for ids, engines and kinds."""
    res = picture.resources.get(resource)
    if res is None or picture.meta is None:
        return ()
    fitting = (
        each
        for each in picture.meta.thresholds
        if each.value == series and Concern(each.ids, each.engines, each.kinds).fits(resource, res.engine, res.kind)
    )
    return tuple(sorted(fitting, key=lambda each: -RANK[each.severity]))


def objectives_of(picture: Picture, resource: str, series: str) -> tuple[Objective, ...]:
    """What was promised of it; the strictest first."""
    res = picture.resources.get(resource)
    if res is None or picture.meta is None:
        return ()
    fitting = (
        each
        for each in picture.meta.objectives
        if each.value == series and Concern(each.ids, each.engines, each.kinds).fits(resource, res.engine, res.kind)
    )
    return tuple(sorted(fitting, key=lambda each: each.bound if each.above else -each.bound))


def drawn(limits: Sequence[Threshold], objectives: Sequence[Objective] = ()) -> tuple[chart_data.Threshold, ...]:
    """As a chart draws them: each with its word. A bound that is an objective too says both."""
    lines = [(each.bound, TONES.get(each.severity, Tone.DIM), LEVELS[each.severity]) for each in limits]
    promised = dict.fromkeys(each.bound for each in objectives)
    both = [
        chart_data.Threshold(bound, tone, sanitise(f"{word} {OBJECTIVE}") if bound in promised else word)
        for bound, tone, word in lines
    ]
    known = {bound for bound, _, _ in lines}
    return *both, *(chart_data.Threshold(bound, Tone.GOOD, OBJECTIVE) for bound in promised if bound not in known)
