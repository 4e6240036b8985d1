"""
What the official forms ask of each document, and where it stands in ours.

`list.toml` is the list of all documents; each other table is of one folder of `pdf_templates`:
per kind the entry of the reference, each of its fields with the place of the fact, and wording.
"""
