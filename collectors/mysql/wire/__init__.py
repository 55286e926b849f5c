"""MySQL and MariaDB over the wire, by PyMySQL in threads of our own."""
