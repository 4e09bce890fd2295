"""What is stored of a station, and its one writer."""
