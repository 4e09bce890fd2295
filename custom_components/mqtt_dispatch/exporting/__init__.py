"""The history as rows: for scripts, and as a file for a spreadsheet."""
