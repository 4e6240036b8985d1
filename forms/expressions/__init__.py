"""The expression subset of XLSForm: text to tree once (`parsing`), tree to value (`evaluating`)."""
