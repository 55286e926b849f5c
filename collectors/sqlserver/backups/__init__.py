"""Can each database of a SQL Server be brought back, to when, and who has tried?"""
