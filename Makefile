# One way in: `make run` and `make test` need only Python >= 3.11 with venv, make and git.
PYTHON ?= python3
VENV := .venv
STUDY ?= great-green-wall
UPGRADE ?= --upgrade
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
UV := $(BIN)/uv
INSTALL := $(UV) pip install --quiet --python $(BIN)/python
LOCK := $(UV) pip compile --quiet --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --python-version 3.11 $(UPGRADE)

.PHONY: run world test setup lock lint types wheel fuzz bench docs clean

run: $(VENV)/.run-ready ## assess the Great Green Wall on the embedded atlas
	@$(BIN)/homeground run $(STUDY)

world: $(VENV)/.setup-ready ## run every country of the embedded atlas in one process and write docs/world.md; some 15 minutes
	@$(BIN)/python -m tools.run_world --page docs/world.md

test: $(VENV)/.setup-ready ## the whole test suite
	@$(BIN)/pytest

setup: $(VENV)/.setup-ready ## the environment with all extras and the test group

lint: $(VENV)/.setup-ready ## style, layers, file length, docstrings, spelling
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/codespell
	@$(BIN)/python tools/check_house.py
	@$(BIN)/python tools/check_docstrings.py

types: $(VENV)/.setup-ready
	@$(BIN)/mypy

fuzz: $(VENV)/.setup-ready ## many more spoilt files than the suite tries; FUZZ=2000 of each kind, from FUZZ_SEED=1000
	@HOMEGROUND_FUZZ=$(or $(FUZZ),2000) HOMEGROUND_FUZZ_SEED=$(or $(FUZZ_SEED),1000) $(BIN)/pytest tests/fuzz

bench: $(VENV)/.setup-ready ## ratios against peers, side by side in one run, kept in benchmarks/history.csv
	@$(BIN)/python -m benchmarks

docs: $(VENV)/.setup-ready ## the manual as pages for a browser, in docs/_build/html; offline, a warning is an error
	@$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

wheel: $(VENV)/.setup-ready ## the wheel, installed by pip in an empty environment and run in an empty folder; how large that is
	@$(BIN)/python tools/check_wheel.py

lock: $(UV) ## renew the locks (names, versions, hashes; no address); UPGRADE= keeps the versions that still fit
	$(LOCK) --group build --output-file requirements-build.lock
	$(LOCK) pyproject.toml --extra all --output-file requirements.lock
	$(LOCK) pyproject.toml --extra all --group test --group peers --group lint --group docs --constraint requirements.lock --output-file requirements-dev.lock

$(UV): requirements-build.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "homeground needs Python 3.11 or newer; found $$($(PYTHON) --version 2>&1). Install it, or run: make PYTHON=python3.11 run"; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt install python3-venv; then run make again."; exit 2; }
	@echo "creating $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-build.lock
	@touch $@

$(VENV)/.run-ready: $(UV) requirements.lock pyproject.toml
	@echo "installing the locked packages"
	@$(INSTALL) --require-hashes --requirements requirements.lock
	@$(INSTALL) --no-deps --editable .
	@touch $@

$(VENV)/.setup-ready: $(UV) requirements-dev.lock pyproject.toml
	@echo "installing the locked packages with tests and checks"
	@$(INSTALL) --require-hashes --requirements requirements-dev.lock
	@$(INSTALL) --no-deps --editable .
	@touch $@ $(VENV)/.run-ready

clean: ## remove the environment and the results
	rm -rf $(VENV) results
