"""Documents set as a phone sets them: with the print pack alone, and in Pyodide."""
