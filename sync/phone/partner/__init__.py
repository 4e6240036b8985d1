"""What comes from another phone without a network: whose it is, and whether it may come."""
