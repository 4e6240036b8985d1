"""Importing the two registries."""
