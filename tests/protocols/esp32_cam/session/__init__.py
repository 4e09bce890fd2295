"""What cameras are told of their images, beside commands."""
