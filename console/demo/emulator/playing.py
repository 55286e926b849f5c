"""Which play is it? Asked by a console that joins: it must have the same estate, and the same time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import orjson

from console.demo.emulator.requests_form import Answer, App, Environ, Start, send
from console.demo.emulator.spec import EmulatorSpec
from console.demo.joining import PATH, PLAYS


@dataclass(frozen=True, slots=True)
class Playing:
    document: bytes

    def wrap(self, app: App) -> App:
        def told(environ: Environ, start: Start) -> Iterable[bytes]:
            if environ.get("PATH_INFO") != PATH:
                return app(environ, start)
            return send(Answer(200, (("Content-Type", "application/json"),), self.document), start)

        return told


def playing(spec: EmulatorSpec) -> Playing:
    file = Path(spec.scenario)
    scenario = str(file.resolve()) if file.is_file() else spec.scenario  # who joins may stand elsewhere
    said = {**spec.model_dump(mode="json", include=set(PLAYS)), "scenario": scenario}
    return Playing(orjson.dumps(said))
