"""The words of the engine, as data."""
