"""What people and automations ask of a station."""
