"""What to watch and what healthy means: the models of a profile and the shipped estates."""
