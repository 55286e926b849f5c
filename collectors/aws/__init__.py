"""AWS: what its metrics are."""
