"""Redis and Valkey over their own protocol, through redis-py."""
