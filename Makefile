# Everything starts here; `make help` prints the lines with two hashes.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# DATA: a folder of films for `make demo`.  PORT: where it listens.  EXTRAS=train: PyTorch too.
# TESTS: what `make test` runs.  ONE, TWO, MINUTES: the films of `make loop`, and how long a network may train.
DATA ?=
PORT ?=
EXTRAS ?=
TESTS ?=
ONE ?=
TWO ?=
MINUTES ?=

PYTHON_ENV := .venv/bin/python
RUNTIME := .venv/.installed
DEV := .venv/.installed-dev
TRAIN := .venv/.installed-train

.PHONY: help env demo test check bench screenshots loop networks words clean

help: ## print these lines
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: $(RUNTIME) $(if $(filter train,$(EXTRAS)),$(TRAIN)) ## make .venv with pinned packages (EXTRAS=train adds PyTorch)

demo: $(RUNTIME) ## a sample study with networks and accounts, served (DATA=folder of films, PORT=8800)
	@$(PYTHON_ENV) -m app demo $(if $(DATA),--data "$(DATA)") $(if $(PORT),--port $(PORT))

test: $(DEV) ## all tests that need no heavy extra (TESTS=tests/films for a part)
	@$(PYTHON_ENV) -m pytest $(TESTS)

check: $(DEV) ## format, lint, types, layers
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench: $(DEV) ## benchmarks; they print numbers and judge nothing
	@$(PYTHON_ENV) -m pytest tests/bench -o python_files='bench_*.py' -s -q

screenshots: $(DEV) ## take the README's pictures anew, from phantom films in a real Chromium
	@$(PYTHON_ENV) -m scripts.screenshots

loop: $(TRAIN) ## stage I to stage II once, with simulated readers (ONE=films with masks, TWO=films to propose for)
	@$(PYTHON_ENV) -m scripts.close_the_loop --stage-one "$(ONE)" --stage-two "$(TWO)" $(if $(MINUTES),--minutes $(MINUTES))

networks: $(TRAIN) ## train and ship all networks of models/ anew into work/networks (DATA=the collections, MINUTES=stop after; again, it goes on)
	@$(PYTHON_ENV) -m scripts.networks --data "$(DATA)" $(if $(MINUTES),--minutes $(MINUTES))

words: $(RUNTIME) ## bring the catalogues of words (locale/) up to date with the sources
	@$(PYTHON_ENV) -m scripts.words

clean: ## remove the environment and the caches; never data
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info

$(RUNTIME): requirements.txt pyproject.toml scripts/make-env
	@scripts/make-env requirements.txt
	@touch $@

$(DEV): $(RUNTIME) requirements-dev.txt
	@scripts/make-env requirements.txt requirements-dev.txt
	@touch $@

$(TRAIN): $(RUNTIME) requirements-train.txt
	@scripts/make-env requirements.txt requirements-train.txt
	@touch $@
