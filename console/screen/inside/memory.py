"""The memory of one database server: what it is used for, who waits for some, and whether processors suffice."""

from __future__ import annotations

from typing import ClassVar

from collectors.inside.memory import Memory
from collectors.readings import Inside
from collectors.safe import Safe
from console.screen.inside import memory_words
from console.screen.inside.two_lists import TwoLists
from widgets.bar import Ends
from widgets.columns import Column
from widgets.rows import Row


class MemoryPane(TwoLists[Memory]):
    """Grants first, for somebody may wait; what memory is used for below or, where there is room, beside them."""

    DEFAULT_CSS = """
    MemoryPane.-wide #lists { layout: horizontal; }
    MemoryPane.-wide #first { width: 1fr; }
    MemoryPane.-wide #second { width: 1fr; margin-top: 0; margin-left: 2; }
    """
    name_: ClassVar[str] = "memory"
    part: ClassVar[type[Inside]] = Memory
    collector: ClassVar[str] = "memory"
    columns: ClassVar[tuple[tuple[Column, ...], tuple[Column, ...]]] = (memory_words.GRANTS, memory_words.CLERKS)
    empty: ClassVar[tuple[Safe, Safe]] = (
        Safe("No query holds or waits for a grant of memory."),
        Safe("The server does not say what its memory is used for."),
    )

    def sums(self, fact: Memory | None) -> list[Ends]:
        return memory_words.sums(fact, self.console_app.signs)

    def lists(self, fact: Memory | None) -> tuple[list[Row], list[Row]]:
        app = self.console_app
        return memory_words.grants(fact, app.signs), memory_words.clerks(fact, app.look.symbols)
