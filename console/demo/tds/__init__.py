"""The embedded estate's SQL Servers over the wire: enough TDS for two ODBC drivers, and no SQL at all."""
