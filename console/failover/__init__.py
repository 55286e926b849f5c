"""A failover as it is watched: what was seen of it, how far it is, what is proved, and what went before. Pure."""
