"""Whole evenings of phones, a team and a server in any order, held against an oracle."""
