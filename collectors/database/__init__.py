"""What asking any database has in common: passwords, what it costs the server, rows."""
