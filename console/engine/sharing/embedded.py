"""An engine that is shared by a broker of its own: it is begun with the first attempt, and ends with the sharing."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from urllib.parse import quote

from console import running
from console.mqtt.embedded import EmbeddedBroker, place_of
from console.mqtt.opening import Opening, people_of, signer_for
from console.mqtt.opening import Sharing as Opened
from console.specs import ShareOptions
from profiles.share import Share


class ByItself(Opening):
    def __init__(self, url: str, share: Share, options: ShareOptions, folder: Path, estate: str) -> None:
        """``folder`` is the engine's own; ``estate`` as it is called."""
        self._url, self._share, self._options, self._folder = url, share, options, folder
        self._estate = quote(estate, safe="")
        self._broker: EmbeddedBroker | None = None

    async def open(self) -> Opened:
        signer = await asyncio.to_thread(signer_for, self._share, self._options)
        if self._broker is None:
            self._broker = await self._begun()
        broker = self._broker
        url = f"{broker.place.url}/{self._estate}"
        opened = Opened(
            broker.broker,
            signer,
            people_of(self._share),
            viewers=url,
            viewed_by=f"dbconsole view {url} --password-file {broker.password_file}",
        )
        shared = f"{opened.url} (`{opened.viewed_by}`)"
        running.listens_now(self._folder, os.getpid(), shared, broker.place.port or 0)
        return opened

    async def close(self) -> None:
        broker, self._broker = self._broker, None
        if broker is not None:
            await broker.__aexit__(None, None, None)

    async def _begun(self) -> EmbeddedBroker:
        """Where viewers know it already, as it was: an engine that died is started again."""
        before = running.read(self._folder)
        port = before.port if before is not None else 0
        place = place_of(self._url, self._share)
        return await EmbeddedBroker(place, self._folder, keep_password=port != 0, port=port).__aenter__()
