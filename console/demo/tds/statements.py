"""How is one statement answered: by the driver's own customs, by a fault, or by whoever knows?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from collectors.database.rows import Rows
from console.demo.tds import prologue, tokens
from console.demo.tds.answering import Answerer, Asked, Login, TdsError
from console.demo.tds.calls import Call, Prepared, Run
from console.demo.tds.columns import CannotSend, columns_of, metadata, row
from console.demo.tds.faults import DropMidRow, Fails, Faults, Frozen, Huge, Slow
from console.demo.tds.packets import Reply
from console.demo.tds.tokens import Done

HUGE_CELL = "x" * 4000
HUGE_ROW = 8003  # bytes
FAILED = 50000  # of an error that is none of SQL Server's


class Dropped(Exception):  # noqa: N818 - it is no error of ours
    """The connection is to be reset, now."""


class Froze(Exception):  # noqa: N818 - likewise
    """Nothing more is to be said on this connection."""


class Refused(Exception):  # noqa: N818 - it is told, not raised further
    """What the client is told instead of an answer: one error or several."""

    def __init__(self, *errors: TdsError) -> None:
        super().__init__(*errors)
        self.errors = errors

    def told(self) -> bytes:
        return b"".join(map(tokens.error, self.errors))


@dataclass(frozen=True, slots=True)
class Ending:
    """How the result sets of a statement are told to be over: in a batch by themselves, in a call within it."""

    each: Done
    last: bool
    """Whether the last of them is also the last of the message."""

    def of(self, rows: int, *, more: bool) -> bytes:
        goes_on = more or not self.last
        return tokens.done(tokens.COUNTED | (tokens.MORE if goes_on else 0), rows, self.each)


class Statements:
    """Those of one connection."""

    def __init__(self, answerer: Answerer, faults: Faults, login: Login) -> None:
        self._answerer = answerer
        self._faults = faults
        self._login = login

    async def batch(self, text: str, reply: Reply) -> None:
        asked = prologue.asked_in_text(text)
        if asked is not None:
            await self._send([prologue.datatype_info(asked)], Ending(Done.BATCH, last=True), "", reply)
        elif prologue.is_only_sets(text):
            reply.put(tokens.done())
        else:
            try:
                await self._run(Run(text), Ending(Done.BATCH, last=True), reply)
            except Refused as refused:
                reply.put(refused.told() + tokens.done(tokens.ERROR))

    async def call(self, call: Call, prepared: Prepared, reply: Reply, *, last: bool) -> None:
        """``last``: of the message."""
        more = 0 if last else tokens.MORE
        within = Ending(Done.WITHIN, last=False)
        try:
            asked = prologue.asked_in_call(call)
            if asked is not None:
                run = Run()
                await self._send([prologue.datatype_info(asked)], within, "", reply)
            else:
                run = _run_of(call, prepared)
                await self._run(run, within, reply)
        except Refused as refused:
            reply.put(refused.told() + tokens.done(tokens.ERROR | more, kind=Done.PROCEDURE))
            return
        reply.put(tokens.status())
        if run.handle is not None:
            reply.put(tokens.handle(run.returns, run.handle))
        reply.put(tokens.done(more, kind=Done.PROCEDURE))

    async def _run(self, run: Run, ending: Ending, reply: Reply) -> None:
        """Raises `Refused`."""
        if run.text is None or prologue.is_only_sets(run.text):
            return
        await self._send(await self._answer(run), ending, run.text, reply)

    async def _answer(self, run: Run) -> Sequence[Rows]:
        text = run.text or ""
        if self._faults.of_statement(Frozen, text):
            raise Froze
        if slow := self._faults.of_statement(Slow, text):
            await asyncio.sleep(slow.seconds)
        if fails := self._faults.of_statement(Fails, text):
            raise Refused(*fails.errors)
        if huge := self._faults.of_statement(Huge, text):
            return [Rows(("text",), ((HUGE_CELL,),) * (huge.megabytes * 10**6 // HUGE_ROW + 1))]
        try:
            answer = await self._answerer.answer(Asked(text, run.values, self._login))
            if database := prologue.entered_by(text):  # whoever answers had nothing against it
                self._login = replace(self._login, database=database)
            return answer
        except TdsError as error:
            raise Refused(error) from error
        except Dropped:
            raise
        except Exception as error:  # whatever it is, the client is told and may go on
            raise Refused(TdsError(FAILED, f"{type(error).__name__}: {error}")) from error

    async def _send(self, answer: Sequence[Rows], ending: Ending, text: str, reply: Reply) -> None:
        drop = self._faults.of_statement(DropMidRow, text)
        for number, rows in enumerate(answer, 1):
            if rows.columns:
                await _rows(rows, drop, reply)
            reply.put(ending.of(len(rows.values), more=number < len(answer)))
        if not answer and ending.last:
            reply.put(tokens.done())


def _run_of(call: Call, prepared: Prepared) -> Run:
    try:
        return prepared.run_of(call)
    except TdsError as error:
        raise Refused(error) from error


async def _rows(rows: Rows, drop: DropMidRow | None, reply: Reply) -> None:
    try:
        columns = columns_of(rows)
    except CannotSend as error:
        raise Refused(TdsError(FAILED, str(error))) from error
    reply.put(metadata(rows.columns, columns))
    fatal = min(drop.after, len(rows.values) - 1) if drop and rows.values else None
    for number, values in enumerate(rows.values):
        data = row(columns, values)
        if number == fatal:
            reply.put(data[: len(data) // 2])
            await reply.break_off()
            raise Dropped
        reply.put(data)
        if reply.is_full:
            await reply.flush()
