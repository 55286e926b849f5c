"""The files of one database server: how slow each is, how full its logs are and what holds them, what room is left."""

from __future__ import annotations

from typing import ClassVar

from collectors.inside.files import Files
from collectors.readings import Inside
from collectors.safe import Safe
from console.screen.inside import file_words
from console.screen.inside.two_lists import TwoLists
from widgets.bar import Ends
from widgets.columns import Column
from widgets.rows import Row


class FilesPane(TwoLists[Files]):
    """Files first, databases with their logs second."""

    name_: ClassVar[str] = "files"
    part: ClassVar[type[Inside]] = Files
    collector: ClassVar[str] = "files"
    columns: ClassVar[tuple[tuple[Column, ...], tuple[Column, ...]]] = (file_words.FILES, file_words.DATABASES)
    empty: ClassVar[tuple[Safe, Safe]] = (Safe("The server names no file."), Safe("The server names no database."))

    def sums(self, fact: Files | None) -> list[Ends]:
        return file_words.sums(fact, self.console_app.signs, self.size.width - 1)

    def lists(self, fact: Files | None) -> tuple[list[Row], list[Row]]:
        signs = self.console_app.signs
        return file_words.files(fact, signs), file_words.databases(fact, signs)
