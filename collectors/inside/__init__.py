"""What goes on inside a database, in words that fit any engine: each engine's collectors answer in these facts."""
