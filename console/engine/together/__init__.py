"""The shared session in an engine: what is asked for, what is told of it, what outlives a restart."""
