# The verbs of the house. Every one does its own set-up first; a second call finds the stamps under .venv/ and is quick.
# Longer steps live in runtime/setup/, where they have types and tests.

SHELL := /bin/sh
# Where this is set, each of the many programs that a test starts would compile every module of ours anew: half of its start.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# The first Python on PATH that is new enough; say PYTHON=... for another.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
VENV := .venv
STAMPS := $(VENV)/.stamps
PY := $(VENV)/bin/python
NPM := $(PY) -m runtime.setup.node npm
PYTEST := $(PY) -m pytest
# Much of what the tests do is to wait for processes and screens. A file is never split: its tests may share a broker or a house.
WORKERS ?= 3
# Files begin in the order of tests/longest_first.txt; xdist's own is by their number of tests.
SIDE_BY_SIDE := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# Journeys and adversaries have groups of their own, and so have the pure modules' own tests; long loops, the image's steps and Wayland too.
NOT_LONG := -m "not long and not image and not wayland"

CONSOLE_SOURCES := $(shell find tech_console -path tech_console/node_modules -prune -o -path tech_console/dist -prune -o \
	-type f \( -name '*.ts' -o -name '*.tsx' -o -name '*.html' -o -name '*.css' -o -name '*.svg' -o -name '*.ftl' -o -name '*.json' \) -print) \
	$(wildcard runtime/locale/*.ftl)

.PHONY: help run test test-long unit pure journeys adversary console-test lint types gen gen-check console vectors bench trust lock image-python image-test wayland-test clean \
	setup-run setup-test packages-run packages-test python-found

help:  ## This list
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r verb text; do \
		printf '  make %-12s %s\n' "$$verb" "$$text"; done

run: setup-run console  ## Start a broker, the console, a host and a demo site (SAMPLE=1 adds a sample instrument)
	@SAMPLE="$(SAMPLE)" exec $(VENV)/bin/chaperone-run

test: setup-test  ## Everything: generated files, lint, types, unit, console, adversary and journey tests
	@$(PY) -m runtime.setup.groups gen-check lint types unit pure console-test adversary journeys

test-long: setup-test  ## The loops of 10^5 and more
	$(PYTEST) -m long tests

unit: setup-test  ## The Python tests that need no browser and no screen
	$(PYTEST) $(SIDE_BY_SIDE) $(NOT_LONG) --ignore=tests/journeys --ignore=tests/adversary $$($(PY) -m tests.own_coverage --list | sed 's/[^ ]*/--ignore=&/g') tests

pure: $(STAMPS)/dev  ## Each pure module, every branch, from its own test file
	$(PY) -m tests.own_coverage

journeys: setup-test console  ## Whole visits: real processes, a real screen, a real browser
	$(PYTEST) $(SIDE_BY_SIDE) $(NOT_LONG) tests/journeys

adversary: setup-test console  ## The cases of the threat model
	$(PYTEST) $(SIDE_BY_SIDE) $(NOT_LONG) tests/adversary

lint: $(STAMPS)/dev $(STAMPS)/npm  ## Style and known mistakes, Python and TypeScript
	$(VENV)/bin/ruff check .
	$(NPM) run --silent lint

types: $(STAMPS)/dev $(STAMPS)/npm  ## Every type, Python and TypeScript
	$(VENV)/bin/mypy
	$(NPM) run --silent types

console-test: $(STAMPS)/npm  ## The console's own tests
	$(NPM) run --silent test

gen: $(STAMPS)/dev  ## Write again what is generated: the console's wire types and catalogues
	$(PY) -m wire.gen_ts
	$(PY) -m broker.gen_openapi
	$(PY) -m runtime.gen_locale

gen-check: $(STAMPS)/dev
	$(PY) -m wire.gen_ts --check
	$(PY) -m broker.gen_openapi --check
	$(PY) -m runtime.gen_locale --check

console: tech_console/dist/index.html  ## Build the console's static files into tech_console/dist

vectors: $(STAMPS)/dev $(STAMPS)/npm  ## Run published test vectors against Python and browser code (VECTORS=DIR)
	@test -n "$(VECTORS)" || { echo 'Say where they are: make vectors VECTORS=DIR' >&2; exit 1; }
	$(PY) -m tests.vectors_run "$(VECTORS)"

bench: setup-test console  ## Measure: screen, input, relay, idle hosts (results in benchmarks/results)
	$(PY) -m benchmarks

trust: setup-run  ## Tell this person's browser to trust the demo's certificate authority
	@$(VENV)/bin/chaperone-run trust

lock: $(STAMPS)/locker $(STAMPS)/dev  ## Resolve the locks again (UPGRADE=1 for newest versions)
	@UPGRADE="$(UPGRADE)" $(PY) -m runtime.setup.lock

image-python: python-found  ## An environment as the container image has it (PREFIX=DIR SET=broker)
	@test -n "$(PREFIX)" || { echo 'Say where it goes: make image-python PREFIX=DIR SET=broker' >&2; exit 1; }
	@$(PYTHON) -m runtime.setup.image_packages $(or $(SET),broker) "$(PREFIX)"

image-test: $(STAMPS)/dev  ## Run the build steps of the Dockerfile in a clean directory
	$(PYTEST) -m image tests/test_image_steps.py

wayland-test: setup-test  ## The picture of a Wayland login for real: sway, PipeWire and the desktop portal, without a graphics card
	@$(PYTHON) -m runtime.setup.system_packages wayland
	$(PYTEST) -m wayland tests/host_client/desk/test_wayland.py

clean:  ## Remove what was built and installed here; the demo's state in var/ stays
	rm -rf $(VENV) tech_console/dist tech_console/node_modules build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- set-up ------------------------------------------------------------------------------------------------------------------------

setup-run: packages-run $(STAMPS)/run
setup-test: packages-test $(STAMPS)/dev $(STAMPS)/npm

# Always asked, because what is on the machine may have changed; it takes a blink when nothing is missing.
packages-run: python-found
	@$(PYTHON) -m runtime.setup.system_packages run --go-on

packages-test: python-found
	@$(PYTHON) -m runtime.setup.system_packages test

python-found:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed. Install it with: sudo apt-get install python3' >&2; exit 1; }

SETUP_SOURCES := pyproject.toml requirements/bootstrap.txt requirements/pynput.txt

# The development lock holds everything of the run lock, at the same versions: whoever has it needs no second install.
$(STAMPS)/run: requirements/run.txt $(SETUP_SOURCES) | python-found
	@test $(STAMPS)/dev -nt requirements/run.txt && test $(STAMPS)/dev -nt pyproject.toml || $(PYTHON) -m runtime.setup.python_packages run
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: requirements/dev.txt $(SETUP_SOURCES) | python-found
	@$(PYTHON) -m runtime.setup.python_packages dev
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/locker: requirements/locker.txt $(STAMPS)/dev
	@echo 'Installing the resolver ...'
	@$(PY) -m pip install --quiet --no-deps --require-hashes --only-binary=:all: -r requirements/locker.txt
	@touch $@

# Any filled environment will do for Node: the console is built with or without the development packages.
$(VENV)/bin/python: | python-found
	@$(PYTHON) -c 'from pathlib import Path; from runtime.setup import python_packages as p; p.make_environment(Path("$(VENV)").resolve())'

$(STAMPS)/npm: tech_console/package-lock.json tech_console/package.json tech_console/.npmrc | $(VENV)/bin/python
	@echo 'Installing the packages of the console ...'
	@$(NPM) ci --loglevel=error
	@mkdir -p $(STAMPS) && touch $@

tech_console/dist/index.html: $(CONSOLE_SOURCES) $(STAMPS)/npm
	@echo 'Building the console ...'
	@$(NPM) run --silent build
	@touch $@
