"""The engines that set the same documents: ours, ReportLab's platypus, typst and WeasyPrint."""
