"""Feeders of a vendor that closed."""
