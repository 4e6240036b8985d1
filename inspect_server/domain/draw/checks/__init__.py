"""Checking a draw: what a verification says."""
