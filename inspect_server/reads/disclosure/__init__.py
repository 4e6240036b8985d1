"""Reading for the disclosure face: nothing but the published copies."""
