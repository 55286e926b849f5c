"""How far is each copy of a SQL Server behind: by its availability groups, and by mirroring?"""
