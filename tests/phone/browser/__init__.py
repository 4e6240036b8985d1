"""The phone app as inspectors hold it: a real browser, the real server, and no network between."""
