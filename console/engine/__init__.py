"""The engine: collects, thinks, publishes; holds no terminal."""
