"""Is this a time in which nothing may be changed? The profile, the file beside it and its calendars, asked anew."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from collectors.aws.reader import Reader
from collectors.safe import Safe
from collectors.threads import Threads
from console.access import calendar
from console.access.calendar import Answer
from console.access.freeze import Freeze, judge, of_windows
from console.access.freeze_file import of_file
from profiles.access import Access


class Freezing:
    def __init__(self, access: Access, threads: Threads) -> None:
        self._access, self._threads = access, threads
        self._calendars: dict[str, Answer] = {}

    async def now(self, reader: Reader, at: datetime) -> Freeze:
        """``reader``: of the place of the target, where its calendars are."""
        access = self._access
        said = [of_windows(access, Safe("the profile"), at)]
        if access.freeze_file is not None:
            path = Path(access.freeze_file)
            said.append(await self._threads.call("the freeze file", lambda: of_file(path, at)))
        if access.calendars:
            self._calendars = await calendar.ask(reader, access.calendars, at, self._calendars)
            said += calendar.of_calendars(self._calendars, at)
        return judge(said)
