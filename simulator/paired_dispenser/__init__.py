"""Two nodes that act together."""
