"""The calendar of a station: what it shows, and what people do there."""
