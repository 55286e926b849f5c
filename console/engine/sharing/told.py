"""How the sharing is, in words for whoever sits at the engine's own screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from collectors.safe import Safe, sanitise

CONNECTING = "connecting"
UNSIGNED = "unsigned, as no `--identity` is named: viewers see it as unverified"


@dataclass(frozen=True, slots=True)
class Told:
    """``since``: when it came to be so, by the estate's clock."""

    url: str
    since: datetime
    why: str | None = CONNECTING  # it is not shared now; None: it is
    viewers: int = 0
    is_signed: bool = True
    denied: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)  # what came from there and was not taken, by reason
    viewed_by: str = ""  # the command, where nobody else would know
    other: bool = False  # another engine publishes the same estate

    @property
    def is_well(self) -> bool:
        return self.why is None and not self.denied and not self.other

    def line(self) -> Safe:
        if self.why == CONNECTING:
            return sanitise(f"Sharing to {self.url}: {CONNECTING}")
        if self.why is not None:
            return sanitise(f"Sharing to {self.url}: lost at {self.since:%H:%M:%S} UTC: {self.why}")
        parts = [f"connected, {self.viewers} viewer{'' if self.viewers == 1 else 's'}"]
        if self.viewed_by:
            parts.append(f"view it with `{self.viewed_by}`")
        if not self.is_signed:
            parts.append(UNSIGNED)
        if self.denied:
            parts.append("the broker passes on nothing of ours: see `dbconsole policy collector --mqtt`")
        if self.other:
            parts.append("another engine shares this estate there too: viewers follow the one that began last")
        if self.refused:
            parts.append("refused: " + ", ".join(f"{count} {reason}" for reason, count in sorted(self.refused.items())))
        return sanitise(f"Sharing to {self.url}: {'; '.join(parts)}")
