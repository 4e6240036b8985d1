"""Certificates of HTTPS: a private root, what it certifies, and the files that a server uses."""
