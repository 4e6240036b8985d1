"""How fast the phone app is (`python -m benchmarks.phone`)."""
