"""Decisions on penalties: on the spot, and by the ordinary procedure."""
