"""Proving afterwards what a demo did: from database and files alone."""
