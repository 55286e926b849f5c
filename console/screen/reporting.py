"""The situation report on the screen: shown as it was copied, and where it was written."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from collectors.safe import Safe, sanitise
from console.kept import KeptFile
from console.screen.foot import wrapped
from console.screen.of_resource import OfResource
from console.screen.report import Joining, report
from widgets.bar import Bar, Ends
from widgets.tone import Look, Tone

if TYPE_CHECKING:
    from console.screen.app import ConsoleApp


def show_report(app: ConsoleApp) -> None:
    """Copy it, write it where this screen may, and show it with what became of it."""
    about = app.screen.resource if isinstance(app.screen, OfResource) else None
    joining = Joining(str(app.spec.address.with_name("view.sock")), socket.gethostname())
    lines = report(app.picture, joining, app.view.zone, about)
    app.copy(*lines)
    app.push_screen(ReportScreen(lines, _written(lines, app.keeps(), app.picture.now_ms), app.look))


def _written(lines: Sequence[Safe], folder: Path | None, now_ms: int | None) -> Safe:
    """Where it is on this host; why it is not."""
    if folder is None:
        return Safe("Not written: a viewer keeps nothing on this host.")
    now = datetime.now(UTC) if now_ms is None else datetime.fromtimestamp(now_ms / 1000, UTC)
    path = folder / "reports" / f"{now:%Y%m%d-%H%M%S}Z.txt"
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        return sanitise(f"Not written: {path.parent}: {error.strerror}.")
    kept, text = KeptFile(path), "\n".join((*lines, "")).encode()
    kept.write([text])
    return (
        sanitise(f"Written to {path}") if kept.read() == text else sanitise(f"Not written: {path} cannot be written.")
    )


class ReportScreen(ModalScreen[None]):
    """Esc closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,y,enter", "dismiss", "Close", id="report.close"),
    ]

    def __init__(self, lines: Sequence[Safe], written: Safe, look: Look) -> None:
        super().__init__()
        self._look = look
        self._said = lines
        self._written = written

    def compose(self) -> ComposeResult:
        yield Bar(id="report", look=self._look)

    def on_mount(self) -> None:
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if not self.query("#report"):
            return  # it is being put up, or taken down, while the terminal changes its size
        columns, rows = self.app.size
        lines = [
            Ends(((Safe(" Situation report"), Tone.TITLE), (Safe("  sent to your terminal's clipboard"), Tone.DIM)))
        ]
        for said in self._said:
            parts = list(wrapped(said, max(1, columns - 4)))
            lines += [Ends(((sanitise(f"  {part}"), Tone.PLAIN),)) for part in parts]
        lines.append(Ends(((sanitise(f" {self._written}"), Tone.DIM),)))
        lines.append(Ends(((Safe(" Esc closes it"), Tone.DIM),)))
        bar = self.query_one("#report", Bar)
        bar.styles.height = min(rows, len(lines))
        bar.show_lines(lines[:rows])
