"""One node of the demo's caches: who is connected, what it holds now, and what it is asked to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from collectors.errors import CannotCollect
from collectors.knock.knock import Door
from collectors.readings import ResourceId
from collectors.redis.asking import Reply
from console.demo.model import Model
from console.demo.redis.content import Content
from console.demo.redis.held import Held
from console.demo.redis.resp import Failure
from console.demo.redis.users import DEFAULT, User, Users

READ_ONLY = "READONLY You can't write against a read only replica."
LOADING = "LOADING Redis is loading the dataset in memory"


@dataclass(slots=True)
class Session:
    """One connection."""

    id: int
    user: User | None  # None: nobody yet
    address: str = "127.0.0.1:0"
    since: float = 0.0
    database: int = 0
    name: str = ""
    last: str = "NULL"
    is_over: bool = False


@dataclass(slots=True)
class Node:
    model: Model
    about: ResourceId
    now: Callable[[], datetime]
    content: Content
    users: Users
    sessions: dict[int, Session] = field(default_factory=dict)
    last_id: int = 0

    @property
    def t(self) -> float:
        return self.now().timestamp()

    @property
    def is_replica(self) -> bool:
        return self.model.as_at(self.about, self.t).source is not None

    def connected(self, address: str = "127.0.0.1:0") -> Session:
        self.last_id += 1
        session = Session(self.last_id, self.users.by_name[DEFAULT], address, self.t)
        self.sessions[session.id] = session
        return session

    def is_dark(self) -> bool:
        t = self.t
        return not self.model.exists(self.about, t) or self.model.door(self.about, t) is Door.DARK

    def require_ready(self, command: str) -> None:
        """Who loads tells of itself, and of nothing that it holds."""
        if command not in ("info", "ping") and self.model.door(self.about, self.t) is Door.RECOVERING:
            raise Failure(LOADING)

    def require_primary(self) -> None:
        if self.is_replica:
            raise Failure(READ_ONLY)

    def held(self) -> Held:
        return Held(self.model, self.about, self.t, self.content.pending)

    async def flush(self, database: int | None, operation: str) -> None:
        """Raises `ConnectionError` where nobody knows whether it was done: then nothing is answered."""
        try:
            await self.content.flush(self.about, database, operation)
        except CannotCollect as trouble:
            raise ConnectionError(trouble.line()) from None


Handler = Callable[[Node, Session, list[str]], Reply]
