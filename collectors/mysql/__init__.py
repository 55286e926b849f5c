"""What do MySQL and MariaDB tell of themselves?"""
