"""What the office does with the journal: settle, decide, verify, rebuild, restore."""
