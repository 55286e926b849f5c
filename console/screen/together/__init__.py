"""The shared session on the screen: following, leading, notes, the incident, and who is here."""
