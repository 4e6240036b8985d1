"""The faces that documents are set in: `build.py` makes them, `faces.toml` names them."""
