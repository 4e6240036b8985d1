"""Whether documents are the PDF/A-3u that they claim to be, by rules of our own and others'."""
