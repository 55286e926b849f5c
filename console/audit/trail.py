"""The audit trail as the engine holds it: what is written is on disk before it returns, or it says that it is not."""

from __future__ import annotations

import errno
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from collectors.errors import Trouble
from console.audit.anchors import Anchor, Head, default_anchors
from console.audit.plain import plain
from console.audit.record import ANCHORED, DURABLE, NO_HASH, Event, Record, Who, stamp, within_bounds
from console.audit.segment import Segment
from console.audit.succession import Succession

T = TypeVar("T")
log = logging.getLogger(__name__)

LEAST_FREE = 16 * 1024 * 1024  # bytes
SYNC_WITHIN_S = 0.5
ANCHOR_EVERY_S = 300.0
LOOK_EVERY_S = 30.0  # whether an anchor is due
AGAIN_S = 0.5  # after a segment could not be begun
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_WHAT = "The audit log cannot be written. Actions are locked; viewing continues."


class CannotRecord(Trouble):
    """What was to be written is not known to be on disk: nothing may be done that it would tell of."""


class Trail:
    """One for a process, for any of its threads. `write` blocks: call it from a thread where a loop must go on.

    Nothing is raised where it is made: `trouble` says why nothing can be recorded, and it heals by itself when it can.
    The session's start is written here, behind what became of segments without a seal; its end is by `close`.
    """

    def __init__(
        self,
        path: Path,
        who: Who,
        session: str,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        *,
        about: Mapping[str, object] | None = None,
        anchors: Sequence[Anchor] | None = None,
    ) -> None:
        """``about``: what is said of the session at its start. ``anchors``: where None, a file beside, and syslog."""
        self.who = who  # as of now: a role goes down
        self._path, self._session, self._now, self._monotonic = path, session, now, monotonic
        self._anchors = default_anchors(path) if anchors is None else anchors
        self._machine = _boot(), os.uname().nodename, os.getpid()
        self._lock = threading.RLock()
        self._segments = Succession(path, self._draft, now, self._draft(Event.SESSION_START, about or {}))
        self._refused: tuple[float, CannotRecord] | None = None  # when a segment could not be begun, and why
        self._dropped = 0
        self._anchored = ("", monotonic() - ANCHOR_EVERY_S)
        self._ended = False
        self._unsure, self._closing = threading.Event(), threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="audit", daemon=True)
        self._keeper.start()
        if self.trouble is None:  # the first segment was begun for that
            self._anchor(at_once=True)

    @property
    def head(self) -> str:
        """The hash of the last record; empty while there is none."""
        segment = self._segments.segment
        return segment.head if segment is not None else ""

    @property
    def file(self) -> str:
        """The segment that is written, as records and anchors call it; empty where there is none."""
        segment = self._segments.segment
        return segment.name if segment is not None else ""

    @property
    def trouble(self) -> Trouble | None:
        """Why nothing can be recorded now, as it is seen at this moment; None where it can."""
        with self._lock:
            try:
                self._require_room()
                wrong = self._or_cannot(self._opened().verify_head)
            except CannotRecord as trouble:
                return trouble
            if wrong:
                mend = "Keep the folder as it is, run `dbconsole audit verify`, and start the console again."
                return CannotRecord(_WHAT, seen=wrong, mend=mend)
            return None

    def write(
        self,
        event: Event,
        *,
        op: str = "",
        act: str = "",
        res: str = "",
        plan: str = "",
        data: Mapping[str, object] | None = None,
    ) -> Record:
        """The record as it is in the file: on disk where the event is durable, else within a second.

        `CannotRecord` where it is not known to be there; how many were not is written when something can be again.
        """
        with self._lock:
            drafts = [self._draft(event, data or {}, op=op, act=act, res=res, plan=plan)]
            if self._dropped:
                drafts.insert(0, self._draft(Event.DROPPED, {"n": self._dropped}))
            try:
                record = self._written(drafts, durable=event in DURABLE)
            except CannotRecord:
                self._dropped += 1
                raise
            self._dropped = 0
            self._anchor(at_once=event in ANCHORED, last=event == Event.SEAL)
            return record

    def note(self, event: Event, *, res: str = "", data: Mapping[str, object] | None = None) -> None:
        """The same for what nothing waits for: where it cannot be written it is counted, and nothing is raised."""
        try:
            self.write(event, res=res, data=data)
        except CannotRecord as trouble:
            log.warning("not in the audit trail: %s: %s", event, trouble.line())

    def flush(self) -> None:
        """Everything that was written is on disk; `CannotRecord` where it is not."""
        with self._lock:
            self._or_cannot(self._segments.sync)

    def close(self, why: str = "") -> None:
        """The end of the session, and the seal. What cannot be written is logged: who leaves is not kept."""
        with self._lock:
            if self._ended:
                return
            self.note(Event.SESSION_END, data={"why": why})
            self.note(Event.SEAL)
            self._ended = True
            try:
                self._segments.end()
            except OSError as error:
                log.warning("the audit trail's end: %s", error)
        self._closing.set()
        self._unsure.set()
        self._keeper.join(timeout=2.0)

    def _written(self, drafts: list[Record], *, durable: bool) -> Record:
        self._opened()
        record = self._or_cannot(lambda: self._segments.append(drafts, durable=durable))
        if not durable:
            self._unsure.set()
        return record

    def _opened(self) -> Segment:
        """The segment, a new one if need be."""
        if self._ended:
            raise CannotRecord("The audit log was sealed when the session ended.")
        if self._segments.segment is not None:
            return self._segments.segment
        if self._refused is not None and self._monotonic() - self._refused[0] < AGAIN_S:
            raise self._refused[1]
        try:
            self._require_room()
            segment = self._or_cannot(self._segments.opened)
        except CannotRecord as trouble:
            self._refused = self._monotonic(), trouble
            raise
        self._refused = None
        return segment

    def _or_cannot(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except OSError as error:
            name = errno.errorcode.get(error.errno or 0, "")
            seen = f"{name}: {error.strerror or error}".removeprefix(": ")
            raise CannotRecord(_WHAT, seen=f"{seen}, in {self._path}", mend=_MEND) from error
        except CannotRecord:
            raise
        except Trouble as trouble:
            raise CannotRecord(_WHAT, seen=f"{trouble.what} {trouble.seen}", mend=trouble.mend) from trouble

    def _require_room(self) -> None:
        there = next(each for each in (self._path, *self._path.parents) if os.path.exists(each))  # it raises nothing
        found = self._or_cannot(lambda: os.statvfs(there))
        free = found.f_bavail * found.f_frsize
        if found.f_flag & os.ST_RDONLY:
            raise CannotRecord(_WHAT, seen=f"EROFS: {there} is on a file system that is read-only", mend=_MEND)
        if free < LEAST_FREE:
            seen = f"ENOSPC: {free / 2**20:.1f} MiB are free in {there}, and {LEAST_FREE // 2**20} must be"
            raise CannotRecord(_WHAT, seen=seen, mend=_MEND)

    def _draft(self, event: Event, data: Mapping[str, object], **texts: str) -> Record:
        """What is to be written, with its time; its place in the chain is given to it when it is."""
        boot, host, pid = self._machine
        told = plain(dict(data))
        return within_bounds(
            Record(
                seq=-1,
                ts=stamp(self._now()),
                mono=int(self._monotonic() * 1e9),
                boot=boot,
                host=host,
                pid=pid,
                sess=self._session,
                op=texts.get("op", ""),
                who=self.who,
                ev=str(event),
                act=texts.get("act", ""),
                res=texts.get("res", ""),
                plan=texts.get("plan", ""),
                data=told if isinstance(told, dict) else {},
                prev=NO_HASH,
            )
        )

    def _anchor(self, *, at_once: bool, last: bool = False) -> None:
        """Tell the head elsewhere where that is due, and the trail who knows it; whatever fails is logged."""
        head, when = self._anchored
        is_due = at_once or self._monotonic() - when >= ANCHOR_EVERY_S
        if not is_due or not self._anchors or self.head == head:
            return
        try:
            self.flush()  # no head is told that a crash could still take back
            told, untold = self._told_elsewhere(self._opened())
            if not last:
                self._written([self._draft(Event.ANCHOR, told | {"untold": untold})], durable=False)
        except CannotRecord as trouble:
            log.warning("the audit trail's anchors: %s", trouble.line())
        self._anchored = self.head, self._monotonic()

    def _told_elsewhere(self, segment: Segment) -> tuple[dict[str, object], dict[str, str]]:
        head = Head(stamp(self._now()), segment.name, segment.seq, segment.head)
        untold: dict[str, str] = {}
        for anchor in self._anchors:
            try:
                anchor.tell(head)
            except OSError as error:
                untold[anchor.name] = error.strerror or str(error)
        names = [anchor.name for anchor in self._anchors if anchor.name not in untold]
        return {"h": head.h, "seq": head.seq, "told": names}, untold

    def _keep(self) -> None:
        """What may wait is on disk within a second, and heads are told although nothing is written any more."""
        while not self._closing.is_set():
            self._unsure.wait(LOOK_EVERY_S)
            if self._closing.wait(SYNC_WITHIN_S):
                return
            self._unsure.clear()
            try:
                with self._lock:
                    if not self._ended:
                        self.flush()
                        self._anchor(at_once=False)
            except CannotRecord as trouble:
                log.warning("the audit trail: %s", trouble.line())


_MEND = "Make room there, or set DBCONSOLE_STATE_DIR to another directory and start again."


def _boot() -> str:
    try:
        return _BOOT.read_text().strip()
    except OSError:
        return ""
