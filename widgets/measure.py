"""How many cells does text take, character by character, in the measure that Textual uses?"""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

_LONE_MARK = "◌"  # what a combining mark without a letter stands on, lest it join the cell before


def clusters(text: str) -> Iterator[tuple[str, int]]:
    """The text as (character with its marks, cells); no cluster takes no cell."""
    cluster = ""
    for character in text:
        if not cell_len(character):
            cluster = (cluster or _LONE_MARK) + character
            continue
        if cluster:
            yield cluster, cell_len(cluster)
        cluster = character
    if cluster:
        yield cluster, cell_len(cluster)
