"""A real Chromium, a real Home Assistant, a broker and simulated nodes."""
