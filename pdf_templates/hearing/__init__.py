"""Documents of a hearing before a penalty."""
