"""Read outside systems and yield readings: draw nothing, decide nothing."""
