"""The command line on the screen: `:` opens it, typing narrows, Enter does it, Esc leaves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.choose import ChooseScreen
from console.screen.command.commands import Command, commands
from console.screen.command.matching import KEY, RESOURCE, Offer, Offers, taken
from console.screen.trail import Place
from widgets.menu import Item, Menu

if TYPE_CHECKING:
    from console.screen.app import ConsoleApp


def open_line(app: ConsoleApp, typed: str = "") -> None:
    """Over whatever is on the screen."""
    known = {command.name: command for command in commands()}
    offers = _offers(app, known)

    def narrow(_: object, words: str) -> tuple[Item, ...]:
        return offers.matching(words)

    menu = Menu(Safe(":"), offers.matching(typed), typed=typed, narrow=narrow, look=app.look)
    app.push_screen(ChooseScreen(menu), partial(_do, app, known))


def _offers(app: ConsoleApp, known: Mapping[str, Command]) -> Offers:
    told = [
        Offer(each.name, each.what, partial(each.choices, app) if each.choices else None, each.free)
        for each in known.values()
    ]
    active = (one.binding for one in app.screen.active_bindings.values() if one.enabled)
    keys = {
        binding.action: (binding.action, sanitise(binding.description), sanitise(app.get_key_display(binding)))
        for binding in active
        if binding.description
    }
    return Offers(told, tuple(keys.values()), app.listing(app.picture).names, app.past.latest)


def _do(app: ConsoleApp, known: Mapping[str, Command], key: str | None) -> None:
    if key is None:
        return
    if key.startswith(RESOURCE):
        app.go(Place("board", sanitise(key.removeprefix(RESOURCE))))
    elif key.startswith(KEY):
        app.call_later(app.screen.run_action, key.removeprefix(KEY))
    else:
        name, rest = taken(key)
        _run(app, known[name], rest)


def _run(app: ConsoleApp, command: Command, rest: str) -> None:
    """What may follow the name is asked for where it is not there yet."""
    may_be_alone = command.alone or (command.free and app.view.asked)
    if command.choices is not None and not rest and not may_be_alone:
        app.call_later(open_line, app, f"{command.name} ")
        return
    if command.choices is not None and rest and not command.free and rest not in tuple(command.choices(app)):
        app.say(sanitise(f"{command.name} has no {rest!r} any more."))
        return
    app.past.add(f"{command.name} {rest}".rstrip())
    command.run(app, rest)
