"""What an engine that died knew: the estate on disk, in the form in which it is told, with a format number."""

from __future__ import annotations

import asyncio
import logging
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import orjson
from pydantic import ValidationError

from collectors.readings import ResourceId
from console.estate.course import Courses
from console.estate.estate import Estate
from console.estate.render import hist_body, res_body
from console.estate.restore import restore
from console.estate.since import Standing
from console.kept import KeptFile
from console.protocol.bodies import Hist
from console.protocol.body import Body, Text
from console.protocol.res import Res

log = logging.getLogger(__name__)

FORMAT = 2
MOST_BYTES = 1 << 20  # of one resource, inflated
AT_ONCE = 50  # resources; more are written in turns
TURNS = 12
_LENGTH = struct.Struct(">I")


class _Head(Body):
    format: int
    run: str


class _Known(Body):
    name: Text
    res: Res
    hist: Hist


class Memory:
    """One file, replaced whole. What cannot be written or read is logged: an engine works without.

    The file is a line that says what it is, then each resource as a length and compressed JSON.
    """

    def __init__(self, folder: Path, run: str, courses: Courses) -> None:
        self._file = KeptFile(folder / "estate.kept")
        self._courses = courses
        self._run = run  # an engine started anew begins anew; one started again goes on
        self._encoded: dict[ResourceId, bytes] = {}
        self._changed: dict[ResourceId, None] = {}  # since it was encoded, the longest ago first
        self._mark = 0

    def recall(self, estate: Estate) -> None:
        """Put back what was known, as old as it is."""
        kept = self._file.read()
        if kept is None:
            return
        try:
            head, _, rest = kept.partition(b"\n")
            is_ours = _Head.model_validate(orjson.loads(head)) == _Head(format=FORMAT, run=self._run)
            known = list(_read(rest)) if is_ours else []
        except (zlib.error, ValueError, struct.error) as error:
            why = f"{error.error_count()} faults" if isinstance(error, ValidationError) else str(error)
            log.warning("%s cannot be used: %s", self._file.path, why)
            return
        for each in known:
            about, res = ResourceId(each.name), each.res
            estate.restore(restore(about, res, each.hist))
            self._courses.recall(about, _standing(res))

    async def keep(self, estate: Estate) -> None:
        """Encode a share of what changed, a resource at a time so that others run between, and write in a thread."""
        share = max(AT_ONCE, -(-len(estate.resources) // TURNS))
        for about in self._take_in(estate)[:share]:
            self._encode(about, estate)
            await asyncio.sleep(0)
        if not self._changed or len(self._encoded) <= share:
            await self._file.write_soon(self._parts())

    def keep_all(self, estate: Estate) -> None:
        """At the end: everything, at once."""
        for about in self._take_in(estate):
            self._encode(about, estate)
        self._file.write(self._parts())

    def _take_in(self, estate: Estate) -> list[ResourceId]:
        changes = estate.changed_since(self._mark)
        self._mark = changes.mark
        for about in changes.gone:
            self._encoded.pop(about, None)
            self._changed.pop(about, None)
        self._changed |= dict.fromkeys((*changes.shapes, *changes.histories, *changes.values))
        return list(self._changed)

    def _encode(self, about: ResourceId, estate: Estate) -> None:
        self._changed.pop(about, None)
        resource = estate.resources.get(about)
        if resource is not None:
            standing = self._courses.standing(about)
            res = res_body(resource, resource.seen, {})
            if standing:
                res = res.model_copy(update={"level": standing.level, "since": standing.since})
            known = _Known(name=about, res=res, hist=hist_body(resource))
            self._encoded[about] = zlib.compress(orjson.dumps(known.model_dump(mode="json")), 1)

    def _parts(self) -> list[bytes]:
        head = orjson.dumps({"format": FORMAT, "run": self._run}) + b"\n"
        return [head, *(_LENGTH.pack(len(each)) + each for each in self._encoded.values())]


def _standing(res: Res) -> Standing | None:
    return Standing(res.level, res.since, is_seen=True) if res.level is not None and res.since is not None else None


def _read(rest: bytes) -> Iterator[_Known]:
    while rest:
        (length,) = _LENGTH.unpack_from(rest)
        plain = zlib.decompressobj().decompress(rest[_LENGTH.size : _LENGTH.size + length], MOST_BYTES + 1)
        if len(plain) > MOST_BYTES:
            raise ValueError(f"more than {MOST_BYTES} bytes for one resource")
        yield _Known.model_validate(orjson.loads(plain))
        rest = rest[_LENGTH.size + length :]
