"""A sixth protocol that nobody has, in a copy of the package."""
