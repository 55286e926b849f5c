"""The model's PostgreSQLs: asked in process, by the tags of the collectors' own statements."""
