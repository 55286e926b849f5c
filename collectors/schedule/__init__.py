"""When does each collector run, for how long may it, how often, and how broken is it?"""
