"""The present, folded from readings."""
