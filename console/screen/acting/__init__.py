"""What a person may do from the screen: the keys, the plan that is confirmed, and what was begun."""
