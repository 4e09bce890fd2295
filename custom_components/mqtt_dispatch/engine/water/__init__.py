"""What ran through valves and pumps."""
