"""The journal of sync: entries, positions, scopes, and what is computed from them."""
