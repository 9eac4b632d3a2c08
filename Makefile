# realtime-harness: every target does the set-up it needs. Start with `make demo`.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup demo check test test-quick test-browser test-lowest coverage web-check serve report bench lock clean

VENV := .venv
PYTHON_IN_VENV := $(VENV)/bin/python
HARNESS := $(VENV)/bin/harness
PYTEST := $(VENV)/bin/pytest
DEMO_OUT := out/demo
TRACE ?= $(DEMO_OUT)
PORT ?= 8080
TESTS ?=

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## make .venv, install the pinned packages, find or install a Chromium
	@PYTHON="$(PYTHON)" .ci/setup

demo: setup ## run a conversation with a rover: recorded speech, real browser, real call
	@$(HARNESS) run fixtures/scenarios/rover.yaml --out $(DEMO_OUT)

check: setup web-check ## format, lint, types (Python and page) and the quick tests: no browser, no talk
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/codespell
	$(VENV)/bin/mypy
	$(PYTEST) -q -m "not browser and not realtime" $(TESTS)

test: ## everything: all checks, all tests, Chromium included
	@$(MAKE) --no-print-directory -j2 setup web-check
	@.ci/test $(TESTS)

test-browser: setup ## only the tests that drive Chromium
	$(PYTEST) -m browser $(TESTS)

test-lowest: setup ## the quick tests with the oldest versions that pyproject.toml allows
	@$(PYTHON_IN_VENV) .ci/lowest.py $(TESTS)

coverage: setup ## what of the package the tests run, without the conversations (half as slow again)
	$(PYTEST) -q -n 2 --dist worksteal -m "not realtime" --cov --cov-report=term $(TESTS)

# The page is plain JavaScript and runs without Node; only its checks need it.
web-check:
	@.ci/web-check

serve: setup ## the local Realtime server and its page (PORT=8080)
	@$(HARNESS) serve --port $(PORT)

report: setup ## write the report of a run again (TRACE=out/demo)
	@$(HARNESS) report $(TRACE)

bench: setup ## our own figures beside the alternatives: microphone and bridge
	@$(HARNESS) bench microphone
	@$(HARNESS) bench bridge

lock: setup ## choose new versions for .ci/constraints.txt (needs python3.11, 3.12 and 3.13)
	@$(PYTHON_IN_VENV) .ci/lock.py python3.11 python3.12 python3.13

clean: ## remove what set-up and runs left here
	rm -rf $(VENV) .venv-lowest out test-results dist build web/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
