"""Does a database let somebody in, and may they write? Asked at its door again and again while it fails over."""
