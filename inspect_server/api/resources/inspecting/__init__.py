"""Inspections: what lists and pages of them hold."""
