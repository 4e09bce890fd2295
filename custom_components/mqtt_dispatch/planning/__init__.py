"""The plan in Home Assistant: its actions, its calendar, what it comes to."""
