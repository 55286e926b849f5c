"""Which bounds of the profile concern one value of one resource? The gravest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.estate.levels import RANK, Concern
from console.screen.glance import LEVELS
from console.screen.picture import Picture
from console.screen.values import TONES
from widgets import chart_data
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.bodies import Threshold


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


def drawn(limits: tuple[Threshold, ...]) -> tuple[chart_data.Threshold, ...]:
    """As a chart draws them: each with its word."""
    return tuple(
        chart_data.Threshold(each.bound, TONES.get(each.severity, Tone.DIM), LEVELS[each.severity]) for each in limits
    )
