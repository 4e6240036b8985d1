"""The server of a work-safety bureau: registry, plan, draw, dispatch, sync, record, documents."""

__version__ = "0.1.0"
