"""Timings, as ratios within one run. Not part of the tests: a busy machine is no failure."""
