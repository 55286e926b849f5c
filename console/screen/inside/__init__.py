"""What goes on inside one database: a screen for each question, side by side under one strip."""
