"""The first action, because it alone is idempotent: a copy of a database, a cluster, a cache or a table."""
