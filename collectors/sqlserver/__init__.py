"""SQL Server: what its waits are."""
