"""Orders: checked, permitted, stored."""
