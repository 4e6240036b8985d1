"""What phones delivered, and how they are."""
