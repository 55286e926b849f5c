"""The program under test_thrift_stall: paints twenty times a second, or once, and says so on another descriptor."""

from __future__ import annotations

import os
import resource
import sys

from textual.app import ComposeResult

from collectors.safe import sanitise
from console.screen.thrift import ThriftyApp
from widgets.bar import Bar, Ends
from widgets.tone import Tone


class Ticking(ThriftyApp[None]):
    CSS = "Bar { height: 1fr; }"

    def compose(self) -> ComposeResult:
        yield Bar()

    def on_mount(self) -> None:
        self.count = 0
        self.show()
        self.set_interval(0.05, self.tick)

    def tick(self) -> None:
        self.count += 1
        if "still" not in sys.argv:
            self.show()
        self.tell()

    def show(self) -> None:
        words = sanitise(f"tick {self.count:06} " * 6)
        self.query_one(Bar).show_lines([Ends(((words, Tone.PLAIN),))] * 24)

    def tell(self) -> None:
        figures, memory = self.figures, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        told = f"{self.count} {figures.frames} {figures.skipped} {figures.bytes} {memory}\n"
        os.write(int(sys.argv[2]), told.encode())

    def on_key(self, event: object) -> None:
        if getattr(event, "key", "") == "x":
            self.exit()


if __name__ == "__main__":
    Ticking(thrift=sys.argv[1] != "plain").run()
