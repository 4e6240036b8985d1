"""`forms`: the checklists of the office."""
