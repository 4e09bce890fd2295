"""The history of all stations: one SQLite database, written behind, read by cursor."""
