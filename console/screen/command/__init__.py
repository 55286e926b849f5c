"""The command line: everything by its name, over every screen."""
