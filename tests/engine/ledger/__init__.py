"""What is stored, and what follows from it."""
