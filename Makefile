# Two commands matter: `make run` and `make test`. Both set up $(VENV) by themselves.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
HOME_DIR ?= .radeng
PLAN ?= plans/rad-engineer-v2
PORT ?= 3000
# Twice the cores: the tests start processes, browsers and servers, and half of their time they wait for those.
WORKERS ?= $(shell echo $$(( 2 * $$(getconf _NPROCESSORS_ONLN) )))
# Each file as a whole by one worker, so that what its tests share is made once; in the order that conftest.py gives.
SIDE_BY_SIDE := --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

.PHONY: run ready truth test postgres search ui lint docs bench clean
.DEFAULT_GOAL := run

# uv where it is present (from the lock file), pip where it is not.
define install
	@if command -v uv >/dev/null 2>&1; then \
		UV_PROJECT_ENVIRONMENT="$(abspath $(VENV))" uv sync --frozen --python $(PYTHON) $(1); \
	else \
		test -x $(BIN)/python || $(PYTHON) -m venv $(VENV); \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '$(2)'; \
	fi
	@touch $@
endef

$(VENV)/.run: pyproject.toml uv.lock
	$(call install,--inexact,.)

$(VENV)/.test: pyproject.toml uv.lock
	$(call install,--inexact --extra test,.[test])

$(VENV)/.ready: pyproject.toml uv.lock
	$(call install,--inexact --extra ready,.[ready])

run: $(VENV)/.run ## the main job on the bundled plan: verdict printed, bundle and report written
	$(BIN)/radeng run --plan $(PLAN) --home $(HOME_DIR)
	$(BIN)/radeng verdict --home $(HOME_DIR) --bundle $(HOME_DIR)/verdict.zip >/dev/null
	$(BIN)/radeng report --home $(HOME_DIR) --out $(HOME_DIR)/report.html

ready: $(VENV)/.ready ## a product from nothing to READY, then one byte of it changed; needs git, bubblewrap, chromium
	rm -rf $(HOME_DIR)/ready
	$(BIN)/python examples/ready/walk.py $(HOME_DIR)/ready

truth: $(VENV)/.test ## seeded faults and clean twins over that READY product: a table, and two rates
	$(BIN)/python -m radeng_assets_tests.truth

test: $(VENV)/.test ## the whole suite
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

postgres: $(VENV)/.test ## every test of a Dagster instance once more, with the runs in a real Postgres
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) --storage postgres \
		$(addprefix radeng_assets_tests/,cli orchestration web)

search: $(VENV)/.test ## the property tests once more, on new random examples
	HYPOTHESIS_PROFILE=search $(BIN)/python -m pytest $(SIDE_BY_SIDE) $(addprefix radeng_assets_tests/,planning evidence readiness)

ui: $(VENV)/.run ## the web UI and daemon on 127.0.0.1:$(PORT)
	$(BIN)/radeng ui --plan $(PLAN) --home $(HOME_DIR) --port $(PORT)

lint: $(VENV)/.test ## ruff and pyright, both clean
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python

docs: $(VENV)/.run ## the pages that are made from the code
	$(BIN)/python -m radeng_assets.planning.rules.page > docs/rules.md

bench: $(VENV)/.test ## figures, each printed by the command that makes it; QUICK=--quick for the small sizes alone
	$(BIN)/python -m benchmarks.audit $(QUICK)
	$(BIN)/python -m benchmarks.forecast $(QUICK)
	$(BIN)/python -m benchmarks.index $(QUICK)
	$(BIN)/python -m benchmarks.retrieval

clean: ## everything that make made
	rm -rf $(VENV) $(HOME_DIR) artifacts
