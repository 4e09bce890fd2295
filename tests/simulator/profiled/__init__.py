"""What profiles describe, played by the simulator."""
