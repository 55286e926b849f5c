"""AWS as the demo answers it, in a process of its own."""
