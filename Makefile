# Everything two commands do: make run (a newsroom to look at), make test (is it right).
PYTHON ?= python3
PORT ?= 8000
DEMO ?= 1
VENV := .venv
PY := $(VENV)/bin/python
export PORT DEMO VERSION RESTART_COMMAND BACKUP_DIR HEALTH_URL

.PHONY: run test test-sqlite test-postgresql test-long bench-desk bench-paper bench-search check upgrade lock browser clean help

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

run: $(VENV)/run.done ## the newsroom on http://127.0.0.1:$(PORT)/ with the demo; DEMO=0 starts an empty one
	@exec $(PY) manage.py serve

test: test-sqlite test-postgresql ## the suite on SQLite and on PostgreSQL

# The test files are compiled once, not by each process, whatever the environment asks for.
test-sqlite test-postgresql test-long: export PYTHONDONTWRITEBYTECODE :=

test-sqlite: $(VENV)/test.done browser
	$(PY) -m pytest -n 2 -m "not long" $(PYTEST)

test-postgresql: $(VENV)/test.done browser
	$(PY) -m tests.with_postgresql $(PY) -m pytest -n 2 -m "not long and not demo and not once" $(PYTEST)

test-long: $(VENV)/test.done browser ## what takes long: large counts, the HTML checker
	@sh tests/browser/validator.sh
	@sh tests/browser/lighthouse.sh
	@sh tests/images/odd.sh
	@sh tests/images/nginx.sh
	$(PY) -m pytest -o faulthandler_timeout=3000 -m long $(PYTEST)
	$(PY) -m tests.with_postgresql $(PY) -m pytest -o faulthandler_timeout=3000 -m "(long or once) and not demo" $(PYTEST)

bench-desk: $(VENV)/test.done ## queries and milliseconds of the desk with 100,000 stories, on both databases
	$(PY) -m benchmarks.desk
	$(PY) -m tests.with_postgresql $(PY) -m benchmarks.desk

bench-paper: $(VENV)/test.done browser ## what Lighthouse says of the paper on a phone
	@sh tests/browser/lighthouse.sh
	$(PY) -m benchmarks.paper

bench-search: $(VENV)/test.done ## queries and milliseconds of searches among 100,000 stories, on both databases
	$(PY) -m benchmarks.search
	$(PY) -m tests.with_postgresql $(PY) -m benchmarks.search

check: $(VENV)/test.done ## format, lint, migrations, deployment checks
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/djade --check $$(git ls-files 'templates/*.html')
	$(PY) -W error manage.py makemigrations --check --dry-run
	SITE_URL=https://news.invalid DEBUG=0 $(PY) -W error manage.py check --deploy --fail-level WARNING

upgrade: ## bring the newsroom to VERSION (default: the newest): backup, packages, migrate, check, restart; back again on failure
	@$(PYTHON) deploy/upgrade.py

lock: $(VENV)/test.done ## write the requirements again, with hashes
	$(PY) -m pip install --quiet pip-tools
	for file in requirements requirements-dev; do \
	  $(VENV)/bin/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o $$file.txt $$file.in || exit 1; \
	done

browser:
	@sh tests/browser/install.sh

clean: ## forget the environment, not the newsroom in var/
	rm -rf $(VENV) .cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.done: requirements.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.txt
	@touch $@

$(VENV)/test.done: requirements-dev.txt $(VENV)/run.done
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-dev.txt
	@touch $@
