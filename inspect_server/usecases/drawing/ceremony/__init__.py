"""Between commit and reveal: what people type, each on their own, and the dice."""
