"""What does a node tell of itself when it is asked? INFO, its slow log, its latency, its clients, its settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from collectors.redis.asking import Reply
from console.demo.noise import key, uniform
from console.demo.redis import run
from console.demo.redis.node import Handler, Node, Session
from console.demo.redis.resp import Failure, Simple
from console.demo.redis.said import by_section

OK = Simple("OK")
SLOT_S = 45.0
KEPT = 128  # entries of the slow log
SLOW_MS = (("HGETALL", "cart:{n}"), ("SMEMBERS", "catalogue:index"), ("SORT", "catalogue:{n}", "LIMIT", "0", "500"))
UNSHOWN = ("commandstats", "latencystats")  # unless they are asked for
SETTINGS = ("maxmemory", "maxmemory-policy", "maxclients", "timeout", "databases", "slowlog-log-slower-than", "save")
NO_CLUSTER = "ERR This instance has cluster support disabled"


def version(node: Node) -> str:
    return _fields(node)["redis_version"]


def _fields(node: Node) -> dict[str, str]:
    return {name: value for each in by_section(node.model, node.about, node.t).values() for name, value in each.items()}


def _info(node: Node, _: Session, arguments: list[str]) -> Reply:
    found = by_section(node.model, node.about, node.t)
    asked = {each.lower() for each in arguments} or {"default"}
    if asked & {"all", "everything"}:
        shown = set(found)
    else:
        shown = asked & set(found) | ({each for each in found if each not in UNSHOWN} if "default" in asked else set())
    texts = [_section(node, name, fields) for name, fields in found.items() if name in shown]
    return "\r\n".join(texts)


def _section(node: Node, name: str, fields: Mapping[str, str]) -> str:
    told = dict(fields)
    if name == "commandstats" and (calls := node.content.pending_calls):  # which the play does not know of yet
        known = run.flushed(node.model, node.about, node.t)["unlink"]
        usec = f"usec={90 * (known + calls)},usec_per_call=90.00"
        told["cmdstat_unlink"] = f"calls={known + calls},{usec},rejected_calls=0,failed_calls=0"
    lines = "".join(f"{field}:{value}\r\n" for field, value in told.items())
    return f"# {name.capitalize()}\r\n{lines}"


def _slow(node: Node) -> Iterator[list[Reply]]:
    """The newest first."""
    source, t = key(node.about, "slow"), node.t
    since = max(run.began(node.model, node.about, t), t - KEPT * SLOT_S)
    for slot in range(int(t // SLOT_S), int(since // SLOT_S), -1):
        at = SLOT_S * (slot + uniform(source, 4 * slot))
        if at <= t and uniform(source, 4 * slot + 1) < 0.4:
            words = SLOW_MS[int(len(SLOW_MS) * uniform(source, 4 * slot + 2))]
            spelt: list[Reply] = [word.format(n=slot % 100_000) for word in words]
            usec = round(10_000 * (1 + 4 * uniform(source, 4 * slot + 3) ** 3))
            yield [slot % 1_000_000, int(at), usec, spelt, _address(node, slot), "shop"]


def _slowlog_get(node: Node, _: Session, arguments: list[str]) -> Reply:
    said = arguments[0] if arguments else "10"
    if not said.removeprefix("-").isdigit() or len(said) > 9 or int(said) < -1:
        raise Failure("ERR count should be greater than or equal to -1")
    entries = list(_slow(node))
    return [*(entries if int(said) == -1 else entries[: int(said)])]


def _slowlog_len(node: Node, _: Session, __: list[str]) -> Reply:
    return len(list(_slow(node)))


def _latest(node: Node, _: Session, __: list[str]) -> Reply:
    """As LATENCY LATEST has it: which event, when last, how many milliseconds then and at most."""
    slow = [(entry[1], entry[2]) for entry in _slow(node)]
    each = [(at, usec // 1000) for at, usec in slow if isinstance(at, int) and isinstance(usec, int)]
    found: list[Reply] = []
    if each:
        found.append(["command", each[0][0], each[0][1], max(ms for _, ms in each)])
    saved = node.model.newest_snapshot(node.about, node.t)
    if saved is not None and node.model.machines[node.about].retention_days:
        found.append(["fork", int(saved), 34, 41])
    return found


def _histogram(node: Node, _: Session, arguments: list[str]) -> Reply:
    counted, told = run.counted(node.model, node.about, node.t), list[Reply]()
    for name in (each for each in run.COSTS if not arguments or each in arguments):
        if calls := int(counted.get(name, 0.0)):
            usec = counted.get(f"usec.{name}", 0.0) / calls
            at: list[Reply] = []
            for times, share in ((0.8, 0.5), (4.0, 0.99), (15.0, 1.0)):
                at += [1 << int(usec * times).bit_length(), int(calls * share)]
            told += [name, ["calls", calls, "histogram_usec", at]]
    return told


def _memory(node: Node, _: Session, __: list[str]) -> Reply:
    fields = _fields(node)
    return ["peak.allocated", int(fields["used_memory_peak"]), "total.allocated", int(fields["used_memory"])]


def _config(node: Node, _: Session, arguments: list[str]) -> Reply:
    fields = _fields(node)
    known = {"maxmemory": fields["maxmemory"], "maxmemory-policy": fields["maxmemory_policy"]}
    known |= {"maxclients": fields["maxclients"], "timeout": "0", "databases": "16", "save": ""}
    known |= {"slowlog-log-slower-than": "10000"}
    found = {name: known[name] for name in SETTINGS if any(fnmatchcase(name, each.lower()) for each in arguments)}
    return [word for pair in found.items() for word in pair]


def _clients(node: Node, _: Session, __: list[str]) -> Reply:
    """The application's, and whoever has come by this port."""
    t, count = node.t, int(_fields(node)["connected_clients"])
    lines = [
        f"id={1000 + n} addr={_address(node, n)} fd={8 + n} name=shop-{n % 24} age={300 + 7 * n} idle={n % 9} "
        f"flags=N db=0 cmd=get user=shop resp=2"
        for n in range(count)
    ]
    for each in node.sessions.values():
        age = max(0, int(t - each.since))
        user = each.user.name if each.user is not None else ""
        lines.append(
            f"id={each.id} addr={each.address} fd=7 name={each.name} age={age} idle=0 flags=N db={each.database} "
            f"cmd={each.last} user={user} resp=2"
        )
    return "\n".join(lines) + "\n"


def _address(node: Node, n: int) -> str:
    return f"10.0.{40 + n % 24}.{key(node.about, n % 24) % 200 + 10}:{32_768 + n % 20_000}"


def _set_name(_: Node, session: Session, arguments: list[str]) -> Reply:
    if not arguments[0].isprintable() or " " in arguments[0]:
        raise Failure("ERR Client names cannot contain spaces, newlines or special characters.")
    session.name = arguments[0][:200]
    return OK


def _time(node: Node, _: Session, __: list[str]) -> Reply:
    seconds, rest = divmod(node.t, 1)
    return [str(int(seconds)), str(int(rest * 1e6))]


def _no_cluster(*_: object) -> Reply:
    raise Failure(NO_CLUSTER)


def _who(_: Node, session: Session, __: list[str]) -> Reply:
    return "" if session.user is None else session.user.name


ANY = 1 << 20
COMMANDS: Mapping[str, tuple[Handler, int, int]] = {
    "info": (_info, 0, ANY),
    "slowlog|get": (_slowlog_get, 0, 1),
    "slowlog|len": (_slowlog_len, 0, 0),
    "latency|latest": (_latest, 0, 0),
    "latency|histogram": (_histogram, 0, ANY),
    "memory|stats": (_memory, 0, 0),
    "config|get": (_config, 1, ANY),
    "client|list": (_clients, 0, ANY),
    "client|id": (lambda _, session, __: session.id, 0, 0),
    "client|setname": (_set_name, 1, 1),
    "client|getname": (lambda _, session, __: session.name or None, 0, 0),
    "client|setinfo": (lambda *_: OK, 2, 2),
    "acl|whoami": (_who, 0, 0),
    "cluster|info": (_no_cluster, 0, 0),
    "cluster|nodes": (_no_cluster, 0, 0),
    "command": (lambda *_: [], 0, ANY),
    "time": (_time, 0, 0),
}
