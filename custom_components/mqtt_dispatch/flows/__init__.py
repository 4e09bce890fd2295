"""The steps in which a person sets up a station, its nodes and its numbers."""
