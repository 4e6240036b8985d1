"""Two versions of a checklist beside each other: which part is which, and what it says in words."""
