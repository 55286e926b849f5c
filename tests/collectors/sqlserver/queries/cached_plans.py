"""A plan cache as a server has one: plans that count, are thrown out, made anew, and lost with their node."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from collectors.database.rows import Rows
from collectors.sqlserver.asking import Question, Server
from collectors.sqlserver.queries.cache import MOST_ROWS

BEGAN = 1_700_000_000.0
COLUMNS = (
    "query_hash", "query_plan_hash", "is_fresh", "executions", "cpu_us", "elapsed_us", "reads", "writes", "row_count",
    "spills", "grant_kb", "handle",
)  # fmt: skip


@dataclass
class Plan:
    statement: int
    created: float
    ended: float
    executions: int = 0
    cpu_us: int = 0


@dataclass
class CachedPlans(Server):
    """``ran``: executions of each statement since the last look, whatever became of their plans."""

    t: float = BEGAN
    node: str = "NODE-A"
    plans: list[Plan] = field(default_factory=list)
    others: list[Plan] = field(default_factory=list)  # of the other node
    ran: dict[int, int] = field(default_factory=dict)
    asked: list[tuple[str | int, ...]] = field(default_factory=list)

    def run(self, statement: int, times: int, cpu_us: int) -> None:
        """By the newest plan it has, or by a new one."""
        plan = next((each for each in reversed(self.plans) if each.statement == statement), None)
        if plan is None:
            plan = Plan(statement, self.t, self.t)
            self.plans.append(plan)
        plan.executions += times
        plan.cpu_us += times * cpu_us
        plan.ended = self.t
        self.ran[statement] = self.ran.get(statement, 0) + times

    def another_plan(self, statement: int) -> None:
        """For another text of the same statement: both are in the cache."""
        self.plans.append(Plan(statement, self.t, self.t))

    def evict(self, n: int) -> None:
        if self.plans:
            self.plans.pop(n % len(self.plans))

    def recompile(self, n: int) -> None:
        if self.plans:
            plan = self.plans[n % len(self.plans)]
            self.plans[n % len(self.plans)] = Plan(plan.statement, self.t, self.t)

    def clear(self) -> None:
        self.plans.clear()

    def fail_over(self) -> None:
        """The other node has what it counted when it was primary last."""
        self.node = "NODE-B" if self.node == "NODE-A" else "NODE-A"
        self.plans, self.others = self.others, self.plans

    async def ask(self, question: Question, *arguments: str | int) -> tuple[Rows, ...]:
        self.asked.append(arguments)
        since, window = datetime.fromisoformat(str(arguments[0])), int(arguments[1])
        summed: dict[tuple[int, int], list[int]] = {}
        recent: dict[int, float] = {}
        for plan in self.plans:
            is_fresh = int(_told(plan.created) >= since)
            counts = summed.setdefault((plan.statement, is_fresh), [0, 0])
            counts[0] += plan.executions
            counts[1] += plan.cpu_us
            recent[plan.statement] = max(plan.ended, recent.get(plan.statement, 0.0))
        newest = sorted(summed.items(), key=lambda each: -recent[each[0][0]])
        rows = tuple(
            (_hash(one), _hash(one + 1000), is_fresh, n, cpu, cpu, n, 0, n, 0, 0, _hash(one) * 9)
            for (one, is_fresh), (n, cpu) in newest
            if recent[one] >= self.t + window
        )
        here = (self.node, _told(BEGAN - 5), int((self.t - BEGAN + 5) * 1000), 15, _told(self.t).isoformat())
        return Rows(COLUMNS, rows[:MOST_ROWS]), Rows(("node", "started", "ms_ticks", "version", "asked"), (here,))


def _told(t: float) -> datetime:
    return datetime.fromtimestamp(t, UTC).replace(tzinfo=None)


def _hash(n: int) -> bytes:
    return n.to_bytes(8, "big")
