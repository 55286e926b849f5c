"""The embedded estate's caches, as Redis and Valkey tell of themselves."""
