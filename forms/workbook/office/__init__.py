"""The plain Chinese workbook for offices: how its cells are read and written, and how it looks."""
