"""The program under test_driver: says how many keys came, and at how many different times. It is slow between them."""

from __future__ import annotations

import time

from textual import events
from textual.app import ComposeResult

from collectors.safe import sanitise
from console.screen.thrift import ThriftyApp
from widgets.bar import Bar
from widgets.tone import Tone


class Keyed(ThriftyApp[None]):
    def compose(self) -> ComposeResult:
        yield Bar()

    def on_mount(self) -> None:
        self.times: list[float] = []
        self.say()

    def on_key(self, event: events.Key) -> None:
        self.times.append(event.time)
        end = time.monotonic() + 0.02
        while time.monotonic() < end:  # with the interpreter's lock: the thread that reads must wait for it
            pass
        self.say()

    def say(self) -> None:
        words = f"{len(self.times)} keys, {len(set(self.times))} times"
        self.query_one(Bar).show([(sanitise(words), Tone.PLAIN)])


if __name__ == "__main__":
    Keyed().run()
