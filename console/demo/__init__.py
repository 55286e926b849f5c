"""The demo estate: one small model of a workload behind real collectors."""
