"""What does INFO say? Its sections as they are sent, taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def fields(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """`# Replication` is a heading; the rest are names and values."""
    for text in texts:
        for line in text.splitlines():
            name, colon, value = line.partition(":")
            if colon and not name.startswith("#"):
                yield name, value
