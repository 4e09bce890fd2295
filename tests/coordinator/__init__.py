"""A station in Home Assistant, from the broker to the disk."""
