"""What is wrong, and why: what the console concludes from the estate."""
