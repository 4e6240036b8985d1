"""The command line for demonstrations and drills: no part of `inspect-server`."""
