"""Flushes on the screen: what X may empty, and how the cache and its origin do afterwards."""
