"""Finished pages: positions read back from the PDF, and what is wrong with them."""
