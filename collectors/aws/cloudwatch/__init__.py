"""CloudWatch's metrics: which, how often for the money, and what has come."""
