"""The phone's modules, run in Node on a database in memory, against the real server."""
