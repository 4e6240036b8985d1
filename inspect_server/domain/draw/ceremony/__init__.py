"""What people do at a draw: keeping the chains, and saying in words what is fixed."""
