"""Offline sync of inspections: entries, merging, the push and pull engine, and a headless phone."""
