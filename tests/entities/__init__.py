"""What entities have in common."""
