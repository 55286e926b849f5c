"""A viewer's own engine: it hears one publisher by a broker, and tells on to its screens what it may believe."""
