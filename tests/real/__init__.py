"""A real broker, a real Home Assistant, simulated nodes."""
