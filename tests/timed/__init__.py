"""Tests of what something takes: `make test` runs them alone, before all others."""
