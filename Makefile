# The two commands of a newcomer: `make demo` and `make test`. Everything builds its own environment in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# The tests start the command line thousands of times: where Python is told to keep no compiled modules, each compiles them again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test test-long test-elsewhere lint bench docs clean vsix test-editors
demo: $(READY)
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh example-workspace/demo.sh

# A third worker fills the time in which the other two wait for a watcher or for git.
test: $(READY)
	$(BIN)/python -m pytest -n 3 --dist worksteal

test-long: $(READY)
	$(BIN)/python -m pytest -n 3 --dist worksteal -m 'slow or not slow'

# A part of the suite with what only Linux has taken away: the ways of macOS and others.
ELSEWHERE := tests/cli/test_daily_loop.py tests/store/test_cache.py tests/store/test_believed.py
test-elsewhere: $(READY)
	PYTHONPATH=$(CURDIR)/tests/store/elsewhere $(BIN)/python -m pytest -n 3 --dist worksteal $(ELSEWHERE)

lint: $(READY)
	$(BIN)/ruff format --check -q src tests benchmarks docs
	$(BIN)/ruff check src tests benchmarks docs
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(READY)
	$(BIN)/python benchmarks/run.py

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --group dev --editable .
	@# DuckDB has no wheel for musl; to build it takes hours.
	$(BIN)/python -m pip install --quiet --only-binary duckdb --editable '.[portfolio]' || echo "DuckDB does not install here: its tests are skipped" >&2
	@touch $@

# The extension for VS Code, by the npm packages that editors/vscode/package-lock.json pins; needs Node 20 or newer.
vsix:
	cd editors/vscode && npm ci --ignore-scripts --no-audit --no-fund && npm run package

# The language server in editors that are installed here: Neovim, and VS Code as code-server with Chromium.
test-editors: $(READY)
	$(BIN)/python -m pytest -n 0 -m 'slow or not slow' tests/lsp

docs: $(READY)
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/recording.py
	$(BIN)/python docs/charts.py

clean:
	rm -rf editors/vscode/node_modules editors/vscode/dist $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
