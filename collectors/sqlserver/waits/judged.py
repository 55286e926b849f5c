"""Which waits only say that a thread is idle? As the table has it, unless a person knows better."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from collectors.sqlserver.waits.categories import known


class Judge:
    """Patterns have `*` and `?`. What is counted goes before what is benign; the table speaks where neither does."""

    def __init__(self, benign: Sequence[str] = (), counted: Sequence[str] = ()) -> None:
        self._benign, self._counted = tuple(benign), tuple(counted)
        self._found: dict[str, bool] = {}

    def is_benign(self, wait_type: str) -> bool:
        found = self._found.get(wait_type)
        if found is None:
            found = self._found[wait_type] = self._judge(wait_type)
        return found

    def _judge(self, wait_type: str) -> bool:
        if any(fnmatchcase(wait_type, pattern) for pattern in self._counted):
            return False
        return any(fnmatchcase(wait_type, pattern) for pattern in self._benign) or known(wait_type).benign


AS_SHIPPED = Judge()
