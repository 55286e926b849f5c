"""Which commands were given before? The latest first, kept from one start to the next where somebody may keep them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from collectors.safe import sanitise
from console.kept import KeptFile

KEPT = 500
OFFERED = 5


class Past:
    """``folder`` is asked for when first needed; None of a viewer, who leaves nothing on the disk of this host."""

    def __init__(self, folder: Callable[[], Path | None]) -> None:
        self._folder = folder
        self._file: KeptFile | None = None
        self._known: list[str] | None = None

    @property
    def latest(self) -> tuple[str, ...]:
        """Those that are offered again."""
        return tuple(self._load()[:OFFERED])

    def add(self, command: str) -> None:
        """It was given now; given twice, it is kept once."""
        said = str(sanitise(command))
        known = [said, *(each for each in self._load() if each != said)][:KEPT]
        self._known = known
        if self._file is not None:
            self._file.write(["\n".join(known).encode()])

    def _load(self) -> list[str]:
        if self._known is None:
            folder = self._folder()
            self._file = KeptFile(folder / "commands.kept") if folder else None
            kept = self._file.read() if self._file else None
            lines = (kept or b"").decode("utf-8", "replace").splitlines()
            self._known = [str(sanitise(line)) for line in lines if line.strip()][:KEPT]
        return self._known
