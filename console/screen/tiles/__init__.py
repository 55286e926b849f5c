"""What the board is made of: each tile tells one thing of one resource, from the picture alone."""
