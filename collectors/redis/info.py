"""What does a node say of its replication? The fields of INFO that are read, checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

from collectors.errors import CannotCollect
from collectors.redis.asking import Fields

SECTIONS = ("server", "replication", "persistence", "memory")


class Node(BaseModel):
    """Names are INFO's own. What a server of another version leaves out is None."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    role: str  # master or slave
    run_id: str = ""  # another one after each start
    loading: int = 0  # reading its data from a disk or from its primary
    rdb_bgsave_in_progress: int = 0
    mem_clients_slaves: int | None = None  # what waits in memory for its replicas

    master_replid: str = ""  # of the history that the offsets count: another one after each promotion
    master_repl_offset: int | None = None
    master_failover_state: str = ""
    repl_backlog_active: int = 0
    repl_backlog_size: int | None = None

    master_host: str = ""
    master_port: int = 0
    master_link_status: str = ""  # up or down
    master_last_io_seconds_ago: int | None = None  # -1 while the link is down
    master_link_down_since_seconds: int | None = None  # -1 where it was never up
    master_sync_in_progress: int = 0
    master_sync_last_io_seconds_ago: int | None = None
    master_sync_total_bytes: int | None = None
    master_sync_read_bytes: int | None = None
    slave_read_repl_offset: int | None = None
    slave_repl_offset: int | None = None

    @property
    def is_primary(self) -> bool:
        return self.role == "master"


@dataclass(frozen=True, slots=True)
class Follower:
    """One replica, as its primary lists it: `slave0:ip=10.0.0.7,port=6379,state=online,offset=1204,lag=0`."""

    ip: str
    port: int
    state: str  # online; wait_bgsave or send_bulk before that
    offset: int  # that it has acknowledged
    lag: int  # seconds since it did

    @property
    def address(self) -> str:
        return address(self.ip, self.port)


def address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def node(fields: Fields) -> Node:
    """Raises `CannotCollect`, which names the field, for what is no such answer."""
    try:
        return Node.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise _strange(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def followers(fields: Fields) -> tuple[Follower, ...]:
    """In the order in which they are listed."""
    return tuple(_followers(fields))


def is_read(name: str) -> bool:
    """Whether this field of INFO is looked at."""
    return name in Node.model_fields or name == "connected_slaves" or _is_follower(name)


def is_text(name: str) -> bool:
    """Whether this one is words, and not a number."""
    return _is_follower(name) or (name in Node.model_fields and Node.model_fields[name].annotation is str)


def _followers(fields: Fields) -> Iterator[Follower]:
    for name, told in fields.items():
        if _is_follower(name):
            words = dict(word.partition("=")[::2] for word in told.split(","))
            try:
                numbers = (int(words["offset"]), int(words.get("lag", 0)))
                yield Follower(words["ip"], int(words["port"]), words["state"], *numbers)
            except (KeyError, ValueError):
                raise _strange(f"{name}: no replica that is understood") from None


def _is_follower(name: str) -> bool:
    return name.startswith("slave") and name[5:].isdecimal()


def _strange(seen: str) -> CannotCollect:
    what = "The cache answered in a form that is not understood."
    return CannotCollect(what, seen=seen, mend="Tell us the server's version.")
