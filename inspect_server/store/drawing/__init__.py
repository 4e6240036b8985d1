"""What becomes of a draw after its result."""
