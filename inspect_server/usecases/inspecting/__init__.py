"""One inspection, from its scheme to its closed record."""
