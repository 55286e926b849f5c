"""The embedded estate's SQL Servers: every statement that the collectors send is answered by its tag."""
