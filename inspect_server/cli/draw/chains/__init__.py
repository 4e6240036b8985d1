"""`draw chain`, and the one file that a witness needs."""
