"""What is loaded into the process under test: it counts points, and acts at one."""
