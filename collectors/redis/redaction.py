"""What of a command may be shown? Its name, and of its key no more than what kind of key it is.

The rule: of a command whose first key has a known place, the key's letters before its first colon are shown, where
there are nothing but letters, hyphens and underscores, and how long the whole key is. No value, script, password,
pattern or other argument ever is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from collectors.safe import NO_TEXT, Safe, sanitise

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,30}")
_PREFIX = re.compile(r"[A-Za-z][A-Za-z_-]{0,30}(?=:)")
_CUT = re.compile(r"\.\.\. \((\d+) more bytes\)$")  # how the log ends a word that it has cut
UNKNOWN = Safe("?")
_CONTAINERS = (
    "ACL CLIENT CLUSTER COMMAND CONFIG DEBUG FUNCTION LATENCY MEMORY MODULE OBJECT PUBSUB SCRIPT SENTINEL SLOWLOG "
    "XGROUP XINFO"
)
_KEYED = (
    "APPEND BITCOUNT BITFIELD BITFIELD_RO BITPOS BLMOVE BLPOP BRPOP BRPOPLPUSH BZPOPMAX BZPOPMIN COPY DECR DECRBY DEL "
    "DUMP EXISTS EXPIRE EXPIREAT EXPIRETIME GEOADD GEODIST GEOHASH GEOPOS GEORADIUS GEORADIUSBYMEMBER GEOSEARCH "
    "GEOSEARCHSTORE GET GETBIT GETDEL GETEX GETRANGE GETSET HDEL HEXISTS HGET HGETALL HINCRBY HINCRBYFLOAT HKEYS HLEN "
    "HMGET HMSET HRANDFIELD HSCAN HSET HSETNX HSTRLEN HVALS INCR INCRBY INCRBYFLOAT LINDEX LINSERT LLEN LMOVE LPOP "
    "LPOS LPUSH LPUSHX LRANGE LREM LSET LTRIM MGET MOVE MSET MSETNX PERSIST PEXPIRE PEXPIREAT PEXPIRETIME PFADD "
    "PFCOUNT PFMERGE PSETEX PTTL RENAME RENAMENX RESTORE RPOP RPOPLPUSH RPUSH RPUSHX SADD SCARD SDIFF SDIFFSTORE SET "
    "SETBIT SETEX SETNX SETRANGE SINTER SINTERSTORE SISMEMBER SMEMBERS SMISMEMBER SMOVE SORT SORT_RO SPOP SRANDMEMBER "
    "SREM SSCAN STRLEN SUBSTR SUNION SUNIONSTORE TOUCH TTL TYPE UNLINK WATCH XACK XADD XAUTOCLAIM XCLAIM XDEL XLEN "
    "XPENDING XRANGE XREVRANGE XSETID XTRIM ZADD ZCARD ZCOUNT ZDIFFSTORE ZINCRBY ZINTERSTORE ZLEXCOUNT ZMSCORE ZPOPMAX "
    "ZPOPMIN ZRANDMEMBER ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANGESTORE ZRANK ZREM ZREMRANGEBYLEX ZREMRANGEBYRANK "
    "ZREMRANGEBYSCORE ZREVRANGE ZREVRANGEBYLEX ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE ZUNIONSTORE"
)
_OF_SEVERAL = frozenset(_CONTAINERS.split())
"""Commands whose second word says which one it is."""
_KEY_FIRST = frozenset(_KEYED.split())
_KEY_AFTER_COUNT = frozenset(("EVAL", "EVALSHA", "EVAL_RO", "EVALSHA_RO", "FCALL", "FCALL_RO"))


def command_of(words: Sequence[str]) -> Safe:
    """Its name; a question mark where it is none."""
    name = words[0] if words else ""
    if not _NAME.fullmatch(name):
        return UNKNOWN
    second = words[1] if len(words) > 1 and name.upper() in _OF_SEVERAL and _NAME.fullmatch(words[1]) else ""
    return sanitise(f"{name} {second}".strip().upper(), 64)


def key_of(words: Sequence[str]) -> Safe:
    """`session:… (44)`, or `… (12)`; empty where no word is known to be a key."""
    key = _first_key(words)
    if key is None:
        return NO_TEXT
    cut = _CUT.search(key)
    length = len(key) if cut is None else cut.start() + int(cut[1][:9])
    prefix = _PREFIX.match(key)
    return sanitise(f"{prefix[0]}:… ({length})" if prefix else f"… ({length})", 64)


def _first_key(words: Sequence[str]) -> str | None:
    name = words[0].upper() if words else ""
    if name in _KEY_FIRST and len(words) > 1:
        return words[1]
    if name in _KEY_AFTER_COUNT and len(words) > 3 and words[2] not in ("", "0"):
        return words[3]
    return None
