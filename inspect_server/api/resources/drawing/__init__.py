"""The ceremony of a draw: chains, commit, reveal, and the files that prove it."""
