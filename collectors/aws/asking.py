"""One place's reader: calls in threads, answers as botocore parses them, errors in our own words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from typing import Any

from collectors.aws.failures import Question, failure
from collectors.aws.place import Account, Place
from collectors.aws.reader import Reader
from collectors.errors import Expired
from collectors.threads import Threads

_END = object()


class AwsReader(Reader):
    def __init__(
        self,
        place: Place,
        client: Callable[[Place, str], Any],
        forget: Callable[[Account], None],
        threads: Threads,
    ) -> None:
        self.place = place
        self._client = client
        self._forget = forget
        self._threads = threads

    async def call(self, service: str, operation: str, /, **parameters: Any) -> Mapping[str, Any]:
        question = Question(service, operation, self.place)
        found: Mapping[str, Any] = await self._in_thread(question, partial(self._ask, question, parameters))
        return found

    async def pages(self, service: str, operation: str, /, **parameters: Any) -> AsyncIterator[Mapping[str, Any]]:
        question = Question(service, operation, self.place)
        pages = await self._in_thread(question, partial(self._paginate, question, parameters))
        while (page := await self._in_thread(question, partial(next, pages, _END))) is not _END:
            yield _bare(page)

    async def _in_thread(self, question: Question, work: Callable[[], Any]) -> Any:
        try:
            return await self._threads.call(f"{question.service} in {self.place}", work)
        except Exception as error:  # noqa: BLE001 - every one is told, in our words
            told = failure(error, question)
            if isinstance(told, Expired):
                self._forget(self.place.account)
            raise told from None

    def _ask(self, question: Question, parameters: dict[str, Any]) -> Mapping[str, Any]:
        from botocore import xform_name  # noqa: PLC0415 - loaded in the thread, off the way to the first paint

        client = self._client(self.place, question.service)
        return _bare(getattr(client, xform_name(question.operation))(**parameters))

    def _paginate(self, question: Question, parameters: dict[str, Any]) -> Any:
        from botocore import xform_name  # noqa: PLC0415

        client = self._client(self.place, question.service)
        return iter(client.get_paginator(xform_name(question.operation)).paginate(**parameters))


def _bare(answer: dict[str, Any]) -> Mapping[str, Any]:
    answer.pop("ResponseMetadata", None)
    return answer
