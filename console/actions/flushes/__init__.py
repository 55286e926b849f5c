"""Flushes: what is sent to a cache or a database itself, since AWS has no call for it."""
