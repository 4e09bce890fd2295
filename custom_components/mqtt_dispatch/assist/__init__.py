"""What people say to an assistant: found, ordered and answered."""
