"""What keeps two consoles from changing the same cluster at once: a lock in DynamoDB, in Systems Manager, or a file."""
