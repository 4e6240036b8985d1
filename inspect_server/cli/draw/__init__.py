"""The draw on the command line."""
