"""Findings (问题隐患): how severe one is, and which are still open."""
