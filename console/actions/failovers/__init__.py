"""Who has the role: failovers, and promotions. None of them may be asked for twice."""
