"""What a hub is asked, and may hold, beside commands."""
