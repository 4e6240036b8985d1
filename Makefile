# The two commands are `make demo` and `make test`; both set up everything they need.
PYTHON ?= python3
BIN := .venv/bin
TUS := .venv/tus-js-client
.DEFAULT_GOAL := help

help:
	@echo "make demo       the main job from an empty folder, results under demo/"
	@echo "make test       linters, types, import contracts and all tests"
	@echo "make test-long  the longer suites"
	@echo "make lock       renew requirements.lock from pyproject.toml"

.venv.stamp: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch .venv.stamp

# The JavaScript upload client of the tests, by its lock. Without it (no npm registry in reach) its
# tests skip and say so; on CI a skip is a failure.
$(TUS)/.stamp: .venv.stamp tests/faces/tus/package.json tests/faces/tus/package-lock.json
	mkdir -p $(TUS) && cp tests/faces/tus/package.json tests/faces/tus/package-lock.json $(TUS)/
	$(BIN)/npm ci --prefix $(TUS) --ignore-scripts --no-audit --no-fund --loglevel=error \
		&& touch $@ || echo "tus-js-client could not be fetched: its tests will be skipped"

demo: .venv.stamp
	$(BIN)/inspect-server demo --folder demo

lint: .venv.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: lint $(TUS)/.stamp
	$(BIN)/python -m pytest -rs -n 2 --dist worksteal -m "not long"

test-long: lint $(TUS)/.stamp
	$(BIN)/python -m pytest -n 2 --dist worksteal

lock: .venv.stamp
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--extra dev pyproject.toml -o requirements.lock

.PHONY: help demo lint test test-long lock
