"""What does a Redis or Valkey tell of itself? Asked by what changes nothing, as `READS` lists it."""
