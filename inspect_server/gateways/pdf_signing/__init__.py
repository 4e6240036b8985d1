"""Signing PDF files and looking at signatures: PAdES through pyHanko, and signers outside."""
