# What can be done here; `make` alone lists it.
# Settings of one call: PORT and HOST (run), PYTEST_ARGS (test, quick, faults, axe), N (bench), PYTHON (setup).

VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PYTEST_ARGS ?=
# A process keeps a folder's tests together, for what they share is made once; one that is done takes over from the other.
PARALLEL := -n 2 --dist worksteal
# What is compiled is kept, whatever the machine says elsewhere: else each process compiles every test anew.
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest
N ?= 100000
MINUTES ?= 1
SOAK_ARGS ?=
UV_VERSION := $(shell sed -n 's/^uv==\([0-9.]*\).*/\1/p' requirements.txt)

# The first of these that is new enough; each is started, because a name on the path may be an empty shell.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	$$p -c '$(NEW_ENOUGH)' 2>/dev/null && { echo $$p; break; }; done)

# uv knows nothing of pip's settings, so the index is handed over, and pip itself is the way out.
INSTALL = index=$${PIP_INDEX_URL:-$$($(BIN)/python -m pip config get global.index-url 2>/dev/null)}; \
	$(BIN)/python -m uv pip install --quiet --compile-bytecode --python $(BIN)/python $${index:+--default-index "$$index"} -r $(1) \
	|| { echo "uv could not install $(1), trying pip"; $(BIN)/python -m pip install -q -r $(1); }

# A server may not write beside the code, and would compile it at every start.
COMPILE = $(BIN)/python -m compileall -q portal wsgi.py

.DEFAULT_GOAL := help
.PHONY: help setup run test quick check ruff types templates layers unused format bench docs pictures faults soak axe translations

help:       ## show this list
	@sed -n 's/^\([a-z]*\): *[^#]*## */\1	/p' $(MAKEFILE_LIST) | expand -t 14

run: $(VENV)/.run       ## the portal with demo data on http://127.0.0.1:8000 (PORT=, HOST=); Ctrl-C stops it
	@exec $(BIN)/python -m portal.supervisor

test: $(VENV)/.dev      ## everything that is checked: lint, types, unit, web and browser tests
	@$(BIN)/python -m tests.system_packages
	@$(BIN)/python -m tests.throwaway_postgres --ensure
	@$(BIN)/python -m tests.throwaway_slapd --ensure
	@$(BIN)/python -m tests.throwaway_redis --ensure
	@$(BIN)/python -m tests.throwaway_nginx --ensure
	@$(BIN)/python -m tests.find_browser --ensure
	@$(COMPILE)
	@failed=; $(MAKE) --no-print-directory --keep-going check || failed=1; \
	$(PYTEST) $(PARALLEL) $(PYTEST_ARGS) && test -z "$$failed"

quick: $(VENV)/.dev     ## the same without the browser
	@$(COMPILE)
	@failed=; $(MAKE) --no-print-directory --keep-going check || failed=1; \
	$(PYTEST) $(PARALLEL) -m "not browser" $(PYTEST_ARGS) && test -z "$$failed"

check: ruff types templates layers unused

format: $(VENV)/.dev    ## put the code into its one form
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

faults: $(VENV)/.dev    ## all that `test` samples: every race round, kill, hostile input, kind of day, and way of an errand
	@$(BIN)/python -m tests.system_packages strace
	@$(BIN)/python -m tests.find_browser --ensure
	@TESTS_WHOLE=1 $(PYTEST) tests/faults tests/kernel/test_history.py tests/demo/test_make.py tests/stories $(PYTEST_ARGS)

soak: $(VENV)/.dev      ## people at work for MINUTES (MINUTES=60 SOAK_ARGS="--people 12 --pause 4"): no fault, no growing memory
	@$(BIN)/python -m bench.soak $(MINUTES) $(SOAK_ARGS)

axe: $(VENV)/.dev       ## every page for every role by axe, not the sample that `test` takes
	@$(BIN)/python -m tests.find_browser --ensure
	@TESTS_WHOLE=1 $(PYTEST) -m axe $(PYTEST_ARGS)

bench: $(VENV)/.dev     ## measure speed beside the goals, with N cases (N=1000000)
	@$(BIN)/python -m bench $(N)

translations: $(VENV)/.dev  ## bring the Chinese catalogue in step with the code
	@$(BIN)/python .ci/translations.py

pictures: $(VENV)/.dev  ## take the pictures of the guide in docs/guide anew
	@$(BIN)/python -m docs.pictures

docs: $(VENV)/.dev      ## draw again what the documents show of the code
	@$(BIN)/python -m docs.generate

setup: $(VENV)/.run     ## the virtual environment with the runtime dependencies, nothing more
	@$(COMPILE)

ruff: $(VENV)/.dev
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "not formatted: make format"; exit 1; }

types: $(VENV)/.dev
	@$(BIN)/mypy

templates: $(VENV)/.dev
	@$(BIN)/djlint portal/templates --lint --quiet

layers: $(VENV)/.dev
	@$(BIN)/lint-imports --no-logo

unused: $(VENV)/.dev
	@$(BIN)/vulture

# The stamps are written last, so an interrupted installation starts again.
$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and none was found; name one: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c '$(NEW_ENOUGH)' || { echo "$(PYTHON) is older than 3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments; on Debian and Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

$(VENV)/.run: $(VENV)/.made requirements.txt
	@echo "Installing requirements.txt"
	@$(call INSTALL,requirements.txt)
	@$(COMPILE)
	@touch $@

$(VENV)/.dev: $(VENV)/.run tests/requirements.txt
	@echo "Installing tests/requirements.txt"
	@$(call INSTALL,tests/requirements.txt)
	@touch $@
