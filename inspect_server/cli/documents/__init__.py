"""Enforcement documents on the command line."""
