"""Plain tables, from TOML or JSON, into checklists: read field by field, then held together."""
