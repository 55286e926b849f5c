"""The quarter of an hour after a flush: what the cache and its origin do. Pure."""
