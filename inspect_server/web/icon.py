"""The icon of every page, inside of the page: a browser need not ask for /favicon.ico."""

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Crect width='16' height='16' rx='3' fill='%231f5f99'/%3E"
    "%3Cpath d='M4 8l3 3 5-6' fill='none' stroke='%23fff' stroke-width='2'/%3E%3C/svg%3E"
)
"""A tick on blue, as the value of `href`; policies of pages allow `data:` for images."""
