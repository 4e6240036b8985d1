"""Hash functions and the structures made of nothing else: tagged hashes, trees, chains."""
