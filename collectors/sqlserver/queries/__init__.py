"""What runs on a SQL Server and what does it cost: by its plan cache, and by Query Store where that is on."""
