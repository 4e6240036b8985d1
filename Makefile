# The two commands are `make demo` and `make test`; both set up everything they need.
PYTHON ?= python3
BIN := .venv/bin
PHONE := inspect_server/phone/client
FROM_NPM := .venv/tus-js-client/.stamp .venv/pyodide/.stamp .venv/phone/.stamp
.DEFAULT_GOAL := help
# Hundreds of processes load the same modules: where the environment forbids Python to keep what it
# compiled, each would compile them anew, and the tests would take half as long again.
unexport PYTHONDONTWRITEBYTECODE

help:
	@echo "make demo       the main job from an empty folder, results under demo/"
	@echo "make test       linters, types, import contracts and all tests"
	@echo "make test-long  the longer suites"
	@echo "make phone      build the phone app into inspect_server/phone/static"
	@echo "make lock       renew requirements.lock from pyproject.toml"

.venv.stamp: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch .venv.stamp

# What tests need from npm, by its lock: the JavaScript upload client, Python for
# browsers, and what the phone app is built and tested with.
# Without one (no npm registry in reach) its tests skip and say so; on CI a skip is a failure.
define fetched
	mkdir -p $(@D) && cp $(filter %.json,$^) $(@D)/
	$(BIN)/npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --loglevel=error \
		&& touch $@ || echo "$(notdir $(@D)) could not be fetched: its tests will be skipped"
endef
.venv/tus-js-client/.stamp: .venv.stamp $(addprefix tests/faces/tus/,package.json package-lock.json)
	$(fetched)
.venv/pyodide/.stamp: .venv.stamp $(addprefix tests/browser_rendering/,package.json package-lock.json)
	$(fetched)
# Only for the long tests and benchmarks.phone: 180 MB.
.venv/lighthouse/.stamp: .venv.stamp $(addprefix benchmarks/phone/lighthouse/,package.json package-lock.json)
	$(fetched)
# Editors and compilers look for the modules beside the sources that import them.
.venv/phone/.stamp: .venv.stamp $(addprefix $(PHONE)/,package.json package-lock.json)
	ln -sfn ../../../.venv/phone/node_modules $(PHONE)/node_modules
	$(fetched)

demo: .venv.stamp
	$(BIN)/inspect-server demo --folder demo

# Reproducible: the same sources give the same bytes, and tests hold what is committed to them.
phone: .venv/phone/.stamp
	$(BIN)/node $(PHONE)/node_modules/vite/bin/vite.js build $(PHONE) --configLoader native

# Three, so that `make -j2` checks types on one core and the rest on the other.
lint: style types contracts
style: .venv.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
types: .venv.stamp
	$(BIN)/mypy
contracts: .venv.stamp
	$(BIN)/lint-imports --no-cache

# Asks every test module once what it holds, which compiles them with their assertions: four
# workers that begin at the same moment would each do so. Types are checked meanwhile.
collected: .venv.stamp
	@$(BIN)/python -m pytest --collect-only -qq -p no:xdist -m "not long" > .venv/collected.txt \
		|| { cat .venv/collected.txt; false; }

# What measures time runs alone first. Then four workers on two cores: a worker waits for servers and
# browsers for a good third of its time.
test: lint collected $(FROM_NPM)
	$(BIN)/python -m pytest -rs tests/timed
	$(BIN)/python -m pytest -rs -n 4 --dist worksteal -m "not long" --ignore=tests/timed

test-long: lint $(FROM_NPM) .venv/lighthouse/.stamp
	$(BIN)/python -m pytest tests/timed
	$(BIN)/python -m pytest -n 3 --dist worksteal --ignore=tests/timed

lock: .venv.stamp
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--extra dev pyproject.toml -o requirements.lock

.PHONY: help demo phone lint style types contracts collected test test-long lock
