"""Putting the server where phones reach it: certificates, services, a proxy."""
