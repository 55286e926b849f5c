"""Consoles that act, in front of a proxy that writes down what they sent."""
