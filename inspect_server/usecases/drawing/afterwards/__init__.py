"""What may happen to a draw after its result: replacement and void, and what the cases do then."""
