"""Documents of a case, from filing to the decision."""
