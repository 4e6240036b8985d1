"""A checklist into the sheets of an XLSForm workbook."""
