"""一公开: what is published of rules, commits and batches, when, and how it is corrected."""
