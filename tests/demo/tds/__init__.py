"""The TDS server, asked by two ODBC drivers and by bytes of the tests' own."""
