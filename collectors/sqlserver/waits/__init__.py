"""What a SQL Server waits for: from counters that only rise and tasks that still wait to rates."""
