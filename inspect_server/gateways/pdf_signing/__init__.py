"""Signing PDF files: PAdES through pyHanko with a key of ours, and programs outside."""
