# The shop's handful of commands; `make help` explains each.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
CATALOGS := $(patsubst %.po,%.mo,$(wildcard shop/translations/*/LC_MESSAGES/messages.po))

.PHONY: help run test e2e bench mutants lint catalogs

help: ## Say what each command does
	@grep -E '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 8

run: .venv/core catalogs ## Open the demo shop: web, worker, mailbox and test bank; Ctrl-C closes all (PORT=, MAILBOX_PORT=, BANK_PORT=, SHOP_DATA=)
	@exec $(BIN)/python -m demo.run

test: .venv/dev catalogs chromium ## All tests: rules, deeds on SQLite and PostgreSQL, pages, journeys in a real Chromium
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

e2e: .venv/dev catalogs chromium ## Only the journeys in a real Chromium
	@$(BIN)/python -m pytest e2e

bench: .venv/dev catalogs ## Measure pages against a bare Flask limit, in the same run (SIZES=1000,10000,100000)
	@$(BIN)/python -m bench.run

mutants: .venv/dev ## Change the rules and the ledger in thousands of small ways; name those no test notices (ONLY='shop.rules.points.*')
	@nice -n 15 $(BIN)/python -m bench.mutants

lint: .venv/dev ## ruff, mypy, templates
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/djlint --quiet --lint shop/templates sandbox

catalogs: $(CATALOGS)

%.mo: %.po | .venv/core
	@$(BIN)/pybabel -q compile -i $< -o $@ -l $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))

.PHONY: chromium
chromium:
	@sh e2e/chromium.sh

# The environment: exactly the packages of the hashed locks.
.venv/bin/python:
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python lacks venv: install it first, on Debian by: apt install python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/core: requirements/core.txt | .venv/bin/python
	@echo "Setting up the environment..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/core.txt
	@touch $@

.venv/dev: requirements/dev.txt | .venv/core
	@echo "Setting up the tools for tests..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
