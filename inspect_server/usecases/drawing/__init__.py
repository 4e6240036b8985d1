"""The draw, from its commit to its proof."""
