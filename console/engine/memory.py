"""What an engine that died knew: the estate on disk, in the form in which it is told, with a format number."""

from __future__ import annotations

import logging
import os
import zlib
from pathlib import Path

import orjson
from pydantic import Field, ValidationError

from collectors.readings import ResourceId
from console.estate.estate import Estate
from console.estate.render import hist_body, res_body
from console.estate.restore import restore
from console.protocol.bodies import Body, Hist, Res, Text

log = logging.getLogger(__name__)

FORMAT = 1
MOST_BYTES = 64 << 20  # inflated: a thousand resources with their histories


class _Known(Body):
    res: Res
    hist: Hist


class _Kept(Body):
    format: int
    run: str
    resources: dict[Text, _Known] = Field(default_factory=dict)


class Memory:
    """One file, replaced whole. What cannot be written or read is logged: an engine works without."""

    def __init__(self, folder: Path, run: str) -> None:
        self._path = folder / "estate.json.z"
        self._run = run  # an engine started anew begins anew; one started again goes on

    def recall(self, estate: Estate) -> None:
        """Put back what was known, as old as it is."""
        try:
            kept = _Kept.model_validate(orjson.loads(_inflated(self._path.read_bytes())))
        except FileNotFoundError:
            return
        except (OSError, zlib.error, ValueError) as error:
            why = f"{error.error_count()} faults" if isinstance(error, ValidationError) else str(error)
            log.warning("%s cannot be used: %s", self._path, why)
            return
        if kept.format != FORMAT or kept.run != self._run:
            return
        for name, known in kept.resources.items():
            estate.restore(restore(ResourceId(name), known.res, known.hist))

    def keep(self, estate: Estate) -> None:
        """Write all of it beside the old file, then take its place."""
        known = {name: _Known(res=res_body(r, r.seen, {}), hist=hist_body(r)) for name, r in estate.resources.items()}
        kept = _Kept(format=FORMAT, run=self._run, resources=dict(known))
        beside = self._path.with_suffix(".new")
        try:
            fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(fd, "wb") as file:
                file.write(zlib.compress(orjson.dumps(kept.model_dump(mode="json")), 1))
            beside.replace(self._path)
        except OSError as error:
            log.warning("%s cannot be kept: %s", self._path, error)


def _inflated(raw: bytes) -> bytes:
    plain = zlib.decompressobj().decompress(raw, MOST_BYTES + 1)
    if len(plain) > MOST_BYTES:
        raise ValueError(f"more than {MOST_BYTES} bytes")
    return plain
