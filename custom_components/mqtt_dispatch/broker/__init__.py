"""The way to the broker, with care."""
