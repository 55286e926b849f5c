"""SQL Server over TDS: the one way there is, by an ODBC driver through pyodbc."""
