"""How does this person want the screen? One file, the command line before it, and the terminal's limits behind both."""
