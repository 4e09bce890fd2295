"""The plan: lines of it, single dates, what it comes to."""
