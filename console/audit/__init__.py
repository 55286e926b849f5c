"""A record that cannot be argued with: hash-chained lines, durable before what they tell of happens."""
