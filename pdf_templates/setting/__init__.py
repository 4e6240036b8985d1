"""Setting: characters to lines, lines to pages; everything above the file."""
