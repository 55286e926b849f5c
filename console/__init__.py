"""The console: guard, engine, screen, and what flows between them."""

__version__ = "0.1.0"
