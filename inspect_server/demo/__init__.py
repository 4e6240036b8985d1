"""
A whole season of work on a fictional district, driven like a user would: by commands and over HTTP.

It stands above the composition root and uses nothing that an office could not use itself.
"""
