"""What others publish and a draw takes chance from: how they number it, and when it is known."""
