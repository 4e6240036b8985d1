"""Folding one item: what its values are, and which operations replaced which (docs/sync.md)."""
