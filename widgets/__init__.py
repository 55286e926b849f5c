"""Draw what they are given: tables, charts, bars. No I/O, no knowledge of AWS or SQL."""
