"""What the card and the panel are told."""
