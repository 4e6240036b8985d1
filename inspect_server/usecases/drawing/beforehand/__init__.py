"""What is looked at, and what is refused, before a commit is published."""
