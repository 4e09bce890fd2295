"""The rules: pure Python, no Home Assistant, no I/O, no clock."""
