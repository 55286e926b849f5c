"""The screen about one resource, in parts: what it is, what it measures, how that moved, what happened."""
