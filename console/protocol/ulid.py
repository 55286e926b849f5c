"""How is something named so that names sort by time? A ULID: 48 bits of time, 80 of chance, in 26 letters."""

from __future__ import annotations

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
ENTROPY_BYTES = 10


def ulid(at_ms: int, entropy: bytes) -> str:
    """The name for ``at_ms`` and ten random bytes."""
    if not 0 <= at_ms < 1 << 48 or len(entropy) != ENTROPY_BYTES:
        raise ValueError("a ULID is made of a time below 2**48 ms and ten bytes")
    number = at_ms << 80 | int.from_bytes(entropy, "big")
    return "".join(LETTERS[number >> shift & 31] for shift in range(125, -1, -5))
