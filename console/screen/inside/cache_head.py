"""What stands above the lists about a cache: full or not, how much it answers, how fast, and who asks? Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from collectors.inside.cache import CacheUse, SlowLog
from collectors.safe import NO_TEXT, Safe, sanitise
from console.numbers import number
from console.screen.inside import cache_figures as figures
from console.screen.inside.cache_figures import Figure, Node
from console.screen.inside.cache_server import server, title
from console.screen.values import Signs
from widgets.bar import Ends
from widgets.draw import Run
from widgets.gauge import gauge
from widgets.spark import spark
from widgets.tone import Symbols, Tone

BAR, SPARK = 22, 16  # cells
LOW_ROWS = 12  # a screen below that has one line for all
NEVER_EVICTS = "noeviction"
_WORST = {Tone.BAD: 2, Tone.WARN: 1}


@dataclass(frozen=True, slots=True)
class Look:
    """How it is said here and now."""

    signs: Signs
    symbols: Symbols
    now: float  # seconds
    hits: Sequence[float | None] = ()  # how the hit rate moved lately


def lines(node: Node, slow: SlowLog | None, look: Look) -> list[Ends]:
    """What matters most first: where it is low the last are not seen."""
    use = node.use
    made: tuple[Callable[[], Ends | None], ...] = (
        lambda: _memory(node, look),
        lambda: _hits(node, look),
        lambda: _load(node, look),
        lambda: _leaving(node, look),
        lambda: _clients(node, look),
        lambda: _latency(use, slow) if use is not None else None,
        lambda: server(use, look.now) if use is not None else None,
        lambda: _by_aws(node, look) if use is not None else None,
        lambda: _errors(use) if use is not None and use.errors else None,
    )
    return [line for make in made if (line := make()) is not None]


def in_one(node: Node, look: Look) -> list[Ends]:
    """All in one line: what is wrong goes first."""
    told = [
        (sanitise(f"{figure.said(look.signs)} {word}"), figure)
        for word, figure in (
            ("memory", node.memory), ("hits", node.hits), ("cpu", node.cpu), ("evicted", node.evictions),
            ("ops", node.operations), ("clients", node.clients),
        )
        if figure.value is not None
    ]  # fmt: skip
    told.sort(key=lambda each: -_WORST.get(each[1].tone, 0))
    runs = tuple((sanitise(f" {words} {_sign(figure)}".rstrip()), figure.tone) for words, figure in told)
    return [Ends(runs)] if runs else []


def _sign(figure: Figure) -> str:
    return "!" if figure.is_wrong else ""


def _memory(node: Node, look: Look) -> Ends | None:
    figure, use = node.memory, node.use
    if use is None and not figure.is_known:
        return None
    runs = [title("Memory"), _gauged(figure, look)]
    if use is None:
        return Ends((*runs, *_aside("free", node.aws(figures.AWS_FREE, "Bytes"), look)))
    memory = use.memory
    of = f" of {number(memory.most, 'Bytes')}" if memory.most else ", without a bound of its own"
    policy = f", {memory.policy}" if memory.policy else ""
    if (wrong := _wrong_with_memory(use, figure)) is not None:
        runs.append((wrong, figure.tone))
    runs.append((sanitise(f"  {number(memory.used, 'Bytes')}{of}{policy}"), figure.tone))
    if memory.freeing:
        runs.append((sanitise(f"; frees {memory.freeing:,} in the background"), Tone.PLAIN))
    more = [f"peak {number(memory.peak, 'Bytes')}"] if memory.peak is not None else []
    more += [f"fragmentation {memory.fragmentation:.2f}"] if memory.fragmentation is not None else []
    more += [f"overhead {number(memory.overhead, 'Bytes')}"] if memory.overhead is not None else []
    runs += [(sanitise(f"; {', '.join(more)}"), Tone.DIM)] if more else []
    return Ends(tuple(runs))


def _wrong_with_memory(use: CacheUse, figure: Figure) -> Safe | None:
    """In words: colour is never alone."""
    if not figure.is_wrong:
        return None
    if use.memory.policy == NEVER_EVICTS:
        return Safe("  nearly full: then it refuses writes")
    return Safe("  nearly full: then keys go")


def _hits(node: Node, look: Look) -> Ends | None:
    figure, use = node.hits, node.use
    if use is None and not figure.is_known:
        return None
    runs = [title("Hit rate"), _gauged(figure, look)]
    if figure.is_wrong:
        runs.append((Safe("  low: the origin carries the rest"), figure.tone))
    if any(each is not None for each in look.hits):
        runs.append((sanitise(f"  {spark(look.hits, look.symbols, SPARK, top=100.0)}"), Tone.ACCENT))
    rates = use.rates if use is not None else None
    if rates is not None and rates.hits is not None and rates.misses is not None:
        words = f"  {number(rates.hits, 'Count/Second')} found, {number(rates.misses, 'Count/Second')} not"
        runs.append((sanitise(words), Tone.PLAIN))
    if use is not None and use.hit_percent is not None:
        runs.append((sanitise(f"; {number(use.hit_percent, 'Percent')} since the start"), Tone.DIM))
    return Ends(tuple(runs))


def _load(node: Node, look: Look) -> Ends | None:
    use, cpu = node.use, node.cpu
    rates = use.rates if use is not None else None
    if use is not None and rates is None:
        return Ends((title("Load"), (Safe("  needs a second look at this node"), Tone.DIM)))
    runs = [title("Load")]
    if rates is not None:
        each = f", {_us(rates.command_us)} each" if rates.command_us is not None else ""
        runs.append((sanitise(f"  {node.operations.said(look.signs)} commands{each}"), node.operations.tone))
    thread = f"{'; ' if rates else '  '}its one thread {cpu.said(look.signs)}" if cpu.value is not None else ""
    busy = ": busy" if cpu.is_wrong else ""
    runs += [(sanitise(f"{thread}{busy}"), cpu.tone)] if thread else []
    if rates is not None and rates.received_bytes is not None and rates.sent_bytes is not None:
        words = f"; in {number(rates.received_bytes, 'Bytes/Second')}, out {number(rates.sent_bytes, 'Bytes/Second')}"
        runs.append((sanitise(words), Tone.DIM))
    return Ends(tuple(runs)) if len(runs) > 1 else None


def _leaving(node: Node, look: Look) -> Ends | None:
    figure, use = node.evictions, node.use
    if figure.value is None:
        return None
    rates = use.rates if use is not None else None
    words = f"  {figure.said(look.signs)}" + (": it is too small for what is put into it" if figure.value else "")
    runs: list[Run] = [title("Evictions"), (sanitise(words), figure.tone)]
    if rates is not None and rates.expired is not None:
        runs.append((sanitise(f"; {number(rates.expired, 'Count/Second')} expired"), Tone.DIM))
    if use is not None and use.databases:
        keys = sum(each.keys for each in use.databases)
        runs.append((sanitise(f"; {keys:,} keys"), Tone.PLAIN))
    return Ends(tuple(runs))


def _clients(node: Node, look: Look) -> Ends | None:
    figure, use = node.clients, node.use
    if figure.value is None:
        return None
    if use is None:
        return Ends((title("Clients"), (sanitise(f"  {figure.said(look.signs)}"), Tone.PLAIN)))
    clients, rates = use.clients, use.rates
    of = f" of {clients.most:,}" if clients.most else ""
    runs: list[Run] = [title("Clients"), (sanitise(f"  {number(figure.value, '')}{of}"), Tone.PLAIN)]
    if clients.blocked:
        runs.append((sanitise(f", {clients.blocked} wait for something"), Tone.PLAIN))
    if rates is not None and rates.rejected:
        words = f"; {number(rates.rejected, 'Count/Second')} rejected: it has as many as it takes"
        runs.append((sanitise(words), Tone.BAD))
    if rates is not None and rates.connections is not None:
        runs.append((sanitise(f"; {number(rates.connections, 'Count/Second')} new"), Tone.DIM))
    if clients.longest_output:
        runs.append((sanitise(f"; longest output {number(clients.longest_output, 'Bytes')}"), Tone.DIM))
    return Ends(tuple(runs))


def _latency(use: CacheUse, slow: SlowLog | None) -> Ends | None:
    known = [each for each in use.commands if each.p99_us is not None]
    runs = [title("Latency")]
    if known:
        worst = max(known[:3], key=lambda each: each.p99_us or 0.0)  # of those that take most time
        runs.append((sanitise(f"  {worst.name} p50 {_us(worst.p50_us)}, p99 {_us(worst.p99_us)} since the start"),
                     Tone.PLAIN))  # fmt: skip
    if slow is not None and slow.per_s is not None:
        words = f"{'; ' if known else '  '}{number(slow.per_s * 60, '')} slow a minute"
        runs.append((sanitise(words), Tone.PLAIN if slow.per_s else Tone.DIM))
    return Ends(tuple(runs)) if len(runs) > 1 else None


def _by_aws(node: Node, look: Look) -> Ends | None:
    """What CloudWatch says of the same, to hold beside it."""
    told = [
        (name, node.aws(metric, unit))
        for name, metric, unit in (
            ("engine's CPU", figures.ENGINE_CPU, "Percent"), ("host's CPU", figures.HOST_CPU, "Percent"),
            ("memory", figures.AWS_MEMORY, "Percent"), ("hit rate", figures.AWS_HITS, "Percent"),
            ("connections", figures.AWS_CLIENTS, ""), ("items", figures.AWS_ITEMS, ""),
        )
    ]  # fmt: skip
    known = [(name, figure) for name, figure in told if figure.value is not None]
    if not known:
        return None
    runs: list[Run] = [title("CloudWatch")]
    for place, (name, figure) in enumerate(known):
        words = f"{', ' if place else '  '}{name} {number(figure.value or 0.0, figure.unit)}"
        runs.append((sanitise(words), figure.tone if figure.is_wrong else Tone.DIM))
    return Ends(tuple(runs))


def _errors(use: CacheUse) -> Ends:
    words = ", ".join(f"{name} {count:,}" for name, count in use.errors)
    return Ends((title("Errors"), (sanitise(f"  {words} since the start"), Tone.DIM)))


def _gauged(figure: Figure, look: Look) -> Run:
    if figure.value is None:
        return sanitise(f"  {figure.said(look.signs)}"), Tone.DIM
    mark = figures.MARK if figure.is_aws else NO_TEXT
    return sanitise(f"  {gauge(figure.value, BAR, look.symbols)}{mark}"), figure.tone


def _aside(name: str, figure: Figure, look: Look) -> tuple[Run, ...]:
    return ((sanitise(f"  {name} {figure.said(look.signs)}"), Tone.PLAIN),) if figure.value is not None else ()


def _us(value: float | None) -> str:
    return number(value / 1e6, "Seconds") if value is not None else "?"
