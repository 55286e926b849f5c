"""What is there? Reads the descriptions that AWS gives of databases, caches and tables."""
