"""The model's MySQL and MariaDB servers."""
