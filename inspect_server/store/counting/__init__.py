"""What was written once, counted in the order of writing."""
