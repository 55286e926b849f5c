"""What may change the world: which actions there are, what is looked at before, how each lives, and the gate."""
