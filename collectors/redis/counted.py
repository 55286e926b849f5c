"""What did a cache do between two looks? Counters that only rise go in, rates come out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from collectors.inside.cache import Command, Rates
from collectors.safe import Safe, sanitise

MOST_COMMANDS = 15  # that are told: who takes less time than these is not why it is slow
JUMPED_S = 2.0  # by so much the server's clock of day and the time it is up may differ
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Calls:
    """Of one command since the server began to count."""

    calls: int
    us: int
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """One look. Where ``run_id`` differs, another process counts, and there is nothing to subtract."""

    run_id: str
    at_s: float  # by the server's clock where it tells the time, else by ours
    uptime_s: int | None = None
    counters: Mapping[str, float] = field(default_factory=dict)
    commands: Mapping[str, Calls] = field(default_factory=dict)


def interval_s(before: Sample | None, after: Sample) -> float | None:
    """None where the two cannot be compared: a start, a clock that was set, or counters that somebody cleared."""
    if before is None or before.run_id != after.run_id:
        return None
    elapsed = after.at_s - before.at_s
    if elapsed <= 0 or _jumped(elapsed, before, after) or _fell(before, after):
        return None
    return elapsed


def rates(before: Sample | None, after: Sample) -> Rates | None:
    elapsed = interval_s(before, after)
    if before is None or elapsed is None:
        return None

    def rate(name: str) -> float | None:
        if name not in before.counters or name not in after.counters:
            return None
        return (after.counters[name] - before.counters[name]) / elapsed

    gained = _gained(before, after)
    calls, us = sum(each.calls for each in gained.values()), sum(each.us for each in gained.values())
    cpu = rate("cpu")
    return Rates(
        interval_s=elapsed,
        operations=rate("total_commands_processed"),
        hits=rate("keyspace_hits"),
        misses=rate("keyspace_misses"),
        evictions=rate("evicted_keys"),
        expired=rate("expired_keys"),
        connections=rate("total_connections_received"),
        rejected=rate("rejected_connections"),
        errors=rate("total_error_replies"),
        received_bytes=rate("total_net_input_bytes"),
        sent_bytes=rate("total_net_output_bytes"),
        cpu_percent=None if cpu is None else 100 * cpu,
        command_us=us / calls if calls else None,
    )


def commands(
    before: Sample | None, after: Sample, percentiles: Mapping[str, Mapping[str, float]]
) -> tuple[Command, ...]:
    """Those that took most time first. ``percentiles``: by command, as the server tells them since it counts."""
    elapsed = interval_s(before, after)
    if before is not None and elapsed is not None:
        counted, seconds = _gained(before, after), elapsed
    else:
        counted, seconds = after.commands, float(max(1, after.uptime_s or 1))
    ran = sorted(((each.us, name) for name, each in counted.items() if each.calls or each.failed), reverse=True)
    whole = sum(us for us, _ in ran)
    return tuple(
        _command(name, counted[name], seconds, whole, percentiles.get(name, {})) for _, name in ran[:MOST_COMMANDS]
    )


def named(command: str) -> Safe:
    """`config|get` is how INFO writes it."""
    return sanitise(command.replace("|", " ").upper(), LONGEST_NAME)


def _command(name: str, counted: Calls, seconds: float, whole: int, told: Mapping[str, float]) -> Command:
    return Command(
        name=named(name),
        calls=counted.calls / seconds,
        share=100 * counted.us / whole if whole else 0.0,
        us=counted.us / counted.calls if counted.calls else None,
        failed=counted.failed / seconds,
        p50_us=told.get("p50"),
        p99_us=told.get("p99"),
        p999_us=told.get("p99.9"),
    )


def _gained(before: Sample, after: Sample) -> Mapping[str, Calls]:
    nothing = Calls(0, 0)
    found = ((name, before.commands.get(name, nothing), now) for name, now in after.commands.items())
    return {
        name: Calls(now.calls - then.calls, now.us - then.us, now.failed - then.failed) for name, then, now in found
    }


def _jumped(elapsed: float, before: Sample, after: Sample) -> bool:
    if before.uptime_s is None or after.uptime_s is None:
        return False
    return abs(elapsed - (after.uptime_s - before.uptime_s)) > JUMPED_S


def _fell(before: Sample, after: Sample) -> bool:
    """CONFIG RESETSTAT takes all of them back to zero: what has risen since above where it was proves nothing."""
    if any(after.counters.get(name, 0.0) < value for name, value in before.counters.items()):
        return True
    return any(_is_less(after.commands.get(name), then) for name, then in before.commands.items())


def _is_less(now: Calls | None, then: Calls) -> bool:
    return now is None or any(one < other for one, other in _pairs(now, then))


def _pairs(now: Calls, then: Calls) -> Iterable[tuple[int, int]]:
    return (now.calls, then.calls), (now.us, then.us), (now.failed, then.failed)
