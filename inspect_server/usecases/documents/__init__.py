"""Issuing documents and checking them."""
