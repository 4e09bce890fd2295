"""What greenhouse nodes say, message by message."""
