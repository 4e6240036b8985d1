"""Documents of service, transfer and closing, and those of the case file on paper."""
