"""The border to AWS: what the collectors of one place may ask, and how it fails."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from typing import Any

from collectors.aws.place import Place


class Reader(ABC):
    """Asks AWS for the collectors of one place. Reads only: an operation that is not on the allow-list is refused.

    * ``service`` is botocore's name (`rds`), ``operation`` AWS's own (`DescribeDBInstances`), parameters as in the API.
    * Answers are botocore's: parsed, with `datetime`s, without `ResponseMetadata`. Their text is not yet sanitised.
    * It raises `Denied` with the IAM action as ``grant``, `Expired` where the credentials must be renewed by a person,
      `Throttled`, and `CannotCollect` for every other failure: nothing of botocore's gets out.
    * It blocks no loop, and may be cancelled at any await: the thread that hangs is left behind and replaced.
    """

    place: Place

    @abstractmethod
    async def call(self, service: str, operation: str, /, **parameters: Any) -> Mapping[str, Any]:
        """One answer."""

    @abstractmethod
    def pages(self, service: str, operation: str, /, **parameters: Any) -> AsyncIterator[Mapping[str, Any]]:
        """Every page of an operation that botocore can page."""
