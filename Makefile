# `make run` and `make test` do all set-up on a fresh machine; `make help` lists the rest.
SHELL := /bin/bash
PYTHON_BIN := .venv/bin/python
MANAGE := $(PYTHON_BIN) manage.py

.DEFAULT_GOAL := help
.PHONY: help run test test-chaos lint format types contracts docs docs-check bench screenshots lock \
	backup restore clean set-up set-up-dev

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 14

set-up:
	@scripts/set-up.sh run

set-up-dev:
	@scripts/set-up.sh dev

run: set-up ## Start everything on this machine (PORT=8000)
	@exec $(PYTHON_BIN) -m config.embedded start

test: set-up-dev ## All tests but the long ones (under 15 minutes)
	$(PYTHON_BIN) -m pytest -n 2 -m "not chaos" $(ARGS)

test-chaos: set-up-dev ## The long runs: hard kills, floods, thousands of examples
	$(PYTHON_BIN) -m pytest -m chaos $(ARGS)

lint: set-up-dev ## ruff
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

format: set-up-dev ## ruff, mending what it can
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

types: set-up-dev ## mypy
	.venv/bin/mypy .

contracts: set-up-dev ## Imports run one way (import-linter)
	.venv/bin/lint-imports

backup: set-up ## Database and documents into one file in var/backups
	@$(PYTHON_BIN) -m config.embedded backup

restore: set-up ## Bring a backup back: make restore FILE=var/backups/…
	@test -n "$(FILE)" || { echo "Which file? make restore FILE=var/backups/portal-….tar"; exit 2; }
	@$(PYTHON_BIN) -m config.embedded restore "$(FILE)"

docs: set-up ## Write the generated documents (docs/workflow.md, docs/emails.md)
	$(MANAGE) generate_docs

docs-check: set-up ## Fail when a generated document is stale
	$(MANAGE) generate_docs --check

bench: set-up-dev ## Queries, milliseconds, bytes and memory of the main pages
	$(PYTHON_BIN) -m benchmarks

screenshots: set-up-dev ## Pictures of the real pages, for the README
	$(PYTHON_BIN) -m scripts.screenshots

lock: ## Pin and hash the requirements from the .in files
	uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 \
		--no-emit-index-url --no-emit-find-links requirements-dev.in -o requirements-dev.txt
	uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
		--no-emit-index-url --no-emit-find-links requirements.in -c requirements-dev.txt \
		-o requirements.txt
