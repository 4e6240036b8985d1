"""The sheets of an XLSForm workbook into the parts of a checklist."""
