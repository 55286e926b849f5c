"""Which commands are there, what may each be told, and what does it do?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.environment import COLOUR_WORDS, SYMBOL_WORDS
from console.screen import grouping, sorting, zones
from console.screen.acting import waiting
from console.screen.failover.listing import open_failover
from console.screen.panes import PANES, Entry
from console.screen.together import commands as together
from console.screen.trail import Place
from console.screen.view import View, Window
from console.screen.zoom import STEPS_MS
from console.times import span
from widgets.themes import THEMES

if TYPE_CHECKING:
    from console.screen.app import ConsoleApp

Run = Callable[["ConsoleApp", str], None]
Choices = Callable[["ConsoleApp"], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Command:
    """``choices``: what may follow the name; None where nothing may.

    ``free``: anything else may follow too. ``alone``: nothing need follow.
    """

    name: str
    what: Safe
    run: Run
    choices: Choices | None = None
    free: bool = False
    alone: bool = False


def _windows(_: ConsoleApp) -> Iterable[str]:
    return (str(span(each / 1000)) for each in STEPS_MS)


def _window(app: ConsoleApp, word: str) -> None:
    chosen = {str(span(each / 1000)): each for each in STEPS_MS}
    app.look_at(window=Window(chosen[word]))


def _sort(app: ConsoleApp, word: str) -> None:
    app.go(Place("overview"))
    app.look_at(sort=word, reverse=False)


def _group(app: ConsoleApp, word: str) -> None:
    app.go(Place("overview"))
    app.look_at(group="" if word == "none" else word)


def _ways(app: ConsoleApp) -> Iterable[str]:
    return ("none", *grouping.ways(tuple(app.picture.resources.values())))


def _filter(app: ConsoleApp, words: str) -> None:
    app.look_at(asked=words)


def _all(app: ConsoleApp, _: str) -> None:
    app.look_at(asked="", sort=View().sort, reverse=False, group="", folded=frozenset())


def _symbols(app: ConsoleApp, word: str) -> None:
    app.try_on(symbols=word)


def _color(app: ConsoleApp, word: str) -> None:
    app.try_on(color=word)


def _to(pane: str) -> Run:
    return lambda app, name: app.go(Place(pane, sanitise(name) if name else None))


def _names(app: ConsoleApp) -> Iterable[str]:
    return app.listing(app.picture).names


def _unlock(app: ConsoleApp, _: str) -> None:
    app.ask("act.unlock", {}, Safe("Actions are unlocked: somebody is here."))


def _action(name: str) -> Run:
    def run(app: ConsoleApp, _: str) -> None:
        app.call_later(app.run_action, f"app.{name}")

    return run


def commands() -> tuple[Command, ...]:
    """In the order in which they are offered."""
    screens = [Command("overview", Safe("the whole estate"), _to("overview"))]
    screens += [_screen(name, entry) for name, entry in PANES.items()]
    by_name = {each.name: each for each in screens}
    by_name["failover"] = replace(by_name["failover"], run=open_failover)
    return (
        *by_name.values(),
        replace(by_name["failover"], name="fo"),
        replace(_screen("replication", PANES["replication"]), name="lag"),
        replace(_screen("operations", PANES["operations"]), name="ops"),
        Command("go", Safe("the board of a resource"), _to("board"), _names),
        Command("filter", Safe("show only what matches, on every screen"), _filter, lambda _: (), free=True),
        Command("all", Safe("no filter, no groups, the usual order"), _all),
        Command("sort", Safe("the overview by a column"), _sort, lambda _: sorting.KEYS),
        Command("group", Safe("the overview in groups"), _group, _ways),
        Command("window", Safe("how much time charts show"), _window, _windows),
        Command("utc", Safe("times in UTC"), lambda app, _: zones.show_utc(app)),
        Command("local", Safe("times of this machine's zone"), lambda app, _: zones.show_local(app)),
        Command("theme", Safe("which colours, for now"), lambda app, word: app.try_on(theme=word), lambda _: THEMES),
        Command("symbols", Safe("what charts are drawn with, for now"), _symbols, lambda _: SYMBOL_WORDS),
        Command("color", Safe("how many colours, for now"), _color, lambda _: COLOUR_WORDS),
        Command("report", Safe("a situation report for chat"), _action("report")),
        Command("refresh", Safe("ask everything again now"), _action("refresh")),
        Command("freeze", Safe("stop the picture, not the console"), _action("freeze")),
        Command("lead", Safe("the others, hand it to somebody, or off"), together.lead, together.leaders, alone=True),
        Command("open", Safe("an incident: NAME [severity]"), together.open_incident, lambda _: (), free=True),
        Command("close", Safe("the incident: OUTCOME"), together.close, lambda _: (), free=True),
        Command("commander", Safe("of the incident from now on"), together.commander, together.people, free=True),
        Command("severity", Safe("of the incident"), together.severity, lambda _: together.SEVERITIES),
        Command("approve", Safe("or deny what waits for a second person"), lambda app, _: waiting.open_waiting(app)),
        Command("unlock", Safe("actions, after nobody was here for a while"), _unlock),
        Command("keys", Safe("which keys do what here"), _action("help")),
        Command("q", Safe("leave"), lambda app, _: app.exit(0)),
    )


def _screen(name: str, entry: Entry) -> Command:
    what = sanitise(f"screen{entry.digit and f' {entry.digit}'}: {entry.title}")
    return Command(name, what, _to(name), _names if entry.of_resource else None, alone=True)
