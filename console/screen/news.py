"""What has turned bad while the person looked elsewhere? What matters, once, and not what was so when they came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.screen.glance import GRAVITY
from console.screen.picture import Picture

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Res

QUIET_S = 300.0  # a resource that goes to and fro is told of once in so long, unless it gets worse
GRAVE = (Severity.CRITICAL, Severity.HIGH)


class News:
    """Keeps what was known; asked with each picture."""

    def __init__(self) -> None:
        self._before: Mapping[str, Res] | None = None
        self._epoch: object = None
        self._told: dict[str, tuple[float, Severity]] = {}

    def of(self, picture: Picture, now_s: float) -> Safe | None:
        """A line, where something is worth one. Of a first picture, and of another engine's, nothing is new."""
        epoch = picture.meta.started if picture.meta else None
        before, self._before = self._before, picture.resources
        was, self._epoch = self._epoch, epoch
        if before is picture.resources or before is None or was != epoch:
            return None
        known = ((name, res) for name, res in picture.resources.items() if name in before)
        turned = [name for name, res in known if self._is_news(name, res, before, now_s)]
        if not turned:
            return None
        for name in turned:
            level = picture.resources[name].level
            if level is not None:
                self._told[name] = (now_s, level)
        worst = min(turned, key=lambda name: GRAVITY.index(picture.resources[name].level or Severity.INFO))
        more = f" And {len(turned) - 1} more." if turned[1:] else ""
        return sanitise(_words(worst, picture.resources[worst]) + more)

    def _is_news(self, name: str, res: Res, before: Mapping[str, Res], now_s: float) -> bool:
        level, was = res.level, before[name].level
        if level not in GRAVE or (was is not None and GRAVITY.index(was) <= GRAVITY.index(level)):
            return False
        at, told = self._told.get(name, (-QUIET_S, Severity.INFO))
        return now_s - at >= QUIET_S or GRAVITY.index(level) < GRAVITY.index(told)


def _words(name: str, res: Res) -> str:
    level = res.level.value.upper() if res.level else ""
    return f"{name} is {level} now: {res.why[0] if res.why else res.status}."
