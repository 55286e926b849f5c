"""The time after flushes in an engine: watched in what the estate is told anyway, and told on."""
