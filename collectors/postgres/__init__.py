"""What a PostgreSQL tells of itself, by SQL that we own."""
