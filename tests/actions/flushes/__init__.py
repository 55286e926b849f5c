"""Flushes of caches, over real servers and through the gate."""
