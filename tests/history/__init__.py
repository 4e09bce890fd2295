"""The history: its tables, what is written, what is read."""
