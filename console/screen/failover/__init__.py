"""A failover as it is seen: the stopwatch, the phases, the six steps, and what is not proved yet."""
