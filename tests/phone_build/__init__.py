"""The phone app as a build: its types, its own tests, and the bundle that was committed."""
