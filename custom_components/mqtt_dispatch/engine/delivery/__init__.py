"""What becomes of each command at each of its nodes."""
