"""What entities of several platforms share."""
