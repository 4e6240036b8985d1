"""The file: set pages to the bytes of a PDF/A-3u."""
