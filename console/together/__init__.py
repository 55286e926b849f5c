"""Many people at one incident: who is here, who leads, what it is called, what was noted. Pure: no I/O, no screen."""
