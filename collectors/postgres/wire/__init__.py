"""PostgreSQL over its own protocol, by psycopg."""
