"""The full check of a draw by whoever may see the registry behind it."""
