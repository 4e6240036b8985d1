"""The phone with a network: enrolling, and one sync of push, files, receipt and pull."""
