"""Checklists as workbooks: XLSForm and the plain Chinese template, in and out."""
