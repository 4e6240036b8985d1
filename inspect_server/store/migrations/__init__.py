"""The migrations, and the triggers that they put into the database."""
