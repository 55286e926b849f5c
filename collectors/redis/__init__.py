"""What does a Redis or Valkey tell of itself? Asked by INFO alone, which changes nothing."""
