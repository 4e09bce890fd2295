"""What becomes of commands at their nodes."""
