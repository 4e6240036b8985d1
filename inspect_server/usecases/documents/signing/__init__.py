"""Signing issued documents, and comparing a file with what was recorded of it."""
