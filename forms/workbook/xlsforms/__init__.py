"""XLSForm workbooks in parts: headers, types, rows, settings, and how they are written."""
