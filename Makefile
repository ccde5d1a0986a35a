# `make run` and `make test` need Python 3.11+, git and make; the rest is set up below.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := requirements/run.txt
DEV := requirements/dev.txt
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PAGES := src/kefu/pages/.sources
PEERS := bench/peers/node_modules/.package-lock.json

.PHONY: help install setup run test check format bench chaos fuzz screenshots lock clean

help: ## Show the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 13

install: $(VENV)/.run $(PAGES) ## Set up what a server needs, no more

run: install ## Set up and start the demo: make run ARGS="--port 8000"
	@exec $(BIN)/kefu demo $(ARGS)

setup: $(VENV)/.dev $(PAGES) $(PEERS) ## Set up everything that development needs

# A file of tests stays with one process; tests/conftest.py says which comes first. Those with a browser
# come after the others: their event loop leaves no room for others in its process. 5: nothing of that
# kind was chosen by ARGS. Bytecode is kept, whatever the environment says: else each of the hundreds of
# servers that the tests start would compile all of Kefu anew.
PYTEST := PYTHONDONTWRITEBYTECODE= scripts/with-node $(BIN)/python -m pytest --no-loadscope-reorder
WORKERS ?= $(shell getconf _NPROCESSORS_ONLN)

test: setup ## Set up and run every test: make test ARGS="-k rooms"
	scripts/with-node npm --prefix web test
	$(PYTEST) -m "not browser" -n $(WORKERS) --dist loadfile $(ARGS) || [ $$? -eq 5 ]
	$(PYTEST) -m browser -n $(WORKERS) --dist loadfile $(ARGS) || [ $$? -eq 5 ]

check: setup ## Lint, types, import contracts, formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	scripts/with-node npm --prefix web run check

format: $(VENV)/.dev ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	scripts/with-node npm --prefix web run format

bench: setup ## Measure Kefu beside its peers: make bench ARGS="--quick"
	scripts/with-node $(BIN)/python -m bench $(ARGS)

chaos: setup ## Kill servers many times and check that nothing is lost: make chaos SEEDS=50
	$(BIN)/python -m tests.promise --seeds $(or $(SEEDS),50)

fuzz: setup ## Try the REST API's contract for long, as every role: make fuzz EXAMPLES=300
	$(BIN)/python -m tests.gateways.rest --examples $(or $(EXAMPLES),300)

screenshots: setup ## Take pictures of every page, and the docs': make screenshots DIR=build/screenshots
	$(BIN)/python -m tests.browser.screenshots $(or $(DIR),build/screenshots)

lock: ## Lock the dependencies anew
	$(PIP) uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --quiet --upgrade -o $(RUN)
	$(BIN)/uv pip compile pyproject.toml --group dev --group bench --universal \
		--python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --upgrade \
		-c $(RUN) -o $(DEV)

clean: ## Remove what was set up and built
	rm -rf $(VENV) web/node_modules web/*/node_modules bench/peers/node_modules src/kefu/pages

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kefu needs Python 3.11+")'
	@$(PYTHON) -m venv $(VENV)

# After the pages: an editable install of a tree that has them needs no Node.js of its own.
$(VENV)/.run: $(BIN)/python $(RUN) pyproject.toml | $(PAGES)
	@echo "Installing Python packages ..."
	@$(PIP) --require-hashes -r $(RUN)
	@$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run $(DEV)
	@echo "Installing development packages ..."
	@$(PIP) --require-hashes -r $(DEV)
	@touch $@

$(PEERS): bench/peers/package-lock.json | $(VENV)/.run
	@echo "Installing the benchmark's peers ..."
	@scripts/with-node npm --prefix bench/peers ci --no-audit --no-fund --silent
	@touch $@

$(PAGES): $(shell find web -type f -not -path '*/node_modules/*' -not -path '*/dist/*') LICENSE | $(BIN)/python
	@scripts/with-node $(BIN)/python scripts/build_pages.py
