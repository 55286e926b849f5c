"""The engine's messages by way of a broker: what is published there, and what is heard from there."""
