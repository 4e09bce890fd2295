"""What people are asked and told in the repairs."""
