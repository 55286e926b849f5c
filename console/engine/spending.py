"""How much may still be spent today? The profile's budget over what the meter counted; it outlives the engine."""

from __future__ import annotations

import logging
from pathlib import Path

import orjson

from collectors.aws.meter import Meter
from collectors.aws.prices import Spent
from console.engine.bill import Asked, bill
from console.kept import KeptFile
from console.protocol.status import Cost
from console.protocol.status import Spending as SpendingRow
from profiles import pace

log = logging.getLogger(__name__)

PRICED = 1000  # prices are for so many


class Spending:
    """Dollars of one day of UTC. The file is this estate's; what cannot be kept is logged."""

    def __init__(self, meter: Meter, cost: pace.Cost, folder: Path | None) -> None:
        self._meter = meter
        self._budget = cost.budget_usd_per_day
        self._price = cost.price_per_1000_metrics / PRICED
        self._price_of_request = cost.price_per_1000_requests / PRICED
        self._file = KeptFile(folder / "spent.json") if folder else None

    @property
    def price_per_metric(self) -> float:
        return self._price

    def left_today(self) -> float:
        return max(0.0, self._budget - self._meter.today().usd)

    def affords(self, requests: int) -> bool:
        """Whether today's money reaches for so many requests that are priced one by one."""
        return requests * self._price_of_request <= self.left_today()

    def bill(self, asked: Asked) -> tuple[SpendingRow, ...]:
        return bill(asked, budget=self._budget, price_of_request=self._price_of_request)

    def of(self, collector: str, target: str) -> Spent:
        return self._meter.of(collector, target)

    def told(self) -> Cost:
        spent, today = self._meter.spent(), self._meter.today()
        return Cost(
            requests=spent.requests,
            metrics=spent.metrics,
            usd=float(spent.usd),
            usd_today=float(today.usd),
            usd_per_day=self._meter.rate_per_day(),
            budget_usd=self._budget,
        )

    def recall(self) -> None:
        """What was spent today before this engine began."""
        kept = self._file.read() if self._file else None
        if kept is None:
            return
        try:
            self._meter.restore(orjson.loads(kept))
        except (ValueError, KeyError, TypeError) as error:
            log.warning("what was spent today is not known: %s", error)

    def keep(self) -> None:
        """At the end, at once."""
        if self._file is not None:
            self._file.write([orjson.dumps(self._meter.remember())])

    async def keep_soon(self) -> None:
        """Without holding up the loop."""
        if self._file is not None:
            await self._file.write_soon([orjson.dumps(self._meter.remember())])
