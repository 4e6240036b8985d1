"""The electronic case file of an inspection, compiled from what is stored, and as an archive."""
