# Everything a newcomer types. `make help` lists it.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
DEMO := .venv-demo
EXTRAS := pdf,xlsx,pii,saudi,attachments,altcha,postgres,redis
CONSTRAINTS := -c requirements/lts.txt
INSTALL := -m pip install --quiet --disable-pip-version-check
MANAGE := $(DEMO)/bin/python example_site/manage.py

.PHONY: help install system demo demo-reset demo-data test bench docs messages \
	screenshots lint format clean

help:
	@echo "make demo         the example municipality at http://localhost:$(PORT) (PORT=, HOST=)"
	@echo "make demo-reset   the same from the beginning: what was done in it is deleted"
	@echo "make test         install and run everything; ONLY='lint docs' runs single steps"
	@echo "make bench        query counts, and timings as ratios"
	@echo "make docs         build docs/_build/html, warnings are errors"
	@echo "make messages     collect strings into the Arabic catalogue and compile it"
	@echo "make screenshots  take the user guide's pictures anew; ONLY='desk queue' for some"
	@echo "make lint         ruff and the import contracts"
	@echo "make format       let ruff rewrite what it can"
	@echo "make clean        remove what was built"

system:
	@PYTHON=$(PYTHON) sh tools/system.sh

$(VENV)/.installed: setup.py pyproject.toml $(wildcard requirements/*.txt)
	@PYTHON=$(PYTHON) sh tools/system.sh venv
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python $(INSTALL) $(CONSTRAINTS) -r requirements/dev.txt -e ".[$(EXTRAS)]"
	@touch $@

$(VENV)/.mariadb: $(VENV)/.installed requirements/mariadb.txt
	@if PYTHON=$(PYTHON) sh tools/system.sh mariadb; then \
		$(VENV)/bin/python $(INSTALL) -r requirements/mariadb.txt; fi
	@touch $@

install: $(VENV)/.installed

$(DEMO)/.installed: setup.py requirements/lts.txt
	@PYTHON=$(PYTHON) sh tools/system.sh venv
	@test -x $(DEMO)/bin/python || $(PYTHON) -m venv $(DEMO)
	$(DEMO)/bin/python $(INSTALL) $(CONSTRAINTS) -e ".[pdf,xlsx,pii,saudi,attachments]"
	@touch $@

demo-data: $(DEMO)/.installed
	@$(MANAGE) migrate --verbosity 0
	@PORT=$(PORT) $(MANAGE) load_example

demo: demo-data
	@echo "Serving http://localhost:$(PORT)/ until Ctrl-C. make demo-reset starts over."
	@PORT=$(PORT) $(MANAGE) runserver --noreload $(HOST):$(PORT)

demo-reset:
	rm -rf example_site/var
	@$(MAKE) --no-print-directory demo

test: system $(VENV)/.installed $(VENV)/.mariadb
	@$(VENV)/bin/python tools/suite.py $(ONLY)

bench: $(VENV)/.installed
	@$(VENV)/bin/python -m bench

docs: $(VENV)/.installed
	@$(VENV)/bin/python tools/suite.py docs

lint: $(VENV)/.installed
	@$(VENV)/bin/python tools/suite.py lint

format: $(VENV)/.installed
	$(VENV)/bin/ruff check --fix-only .
	$(VENV)/bin/ruff format .

messages: $(VENV)/.installed
	@$(VENV)/bin/python tools/messages.py update $(FROM)

screenshots: $(VENV)/.installed
	@$(VENV)/bin/python tools/screenshots.py $(ONLY)

clean:
	rm -rf build dist docs/_build *.egg-info .pytest_cache .ruff_cache \
		.import_linter_cache test-results
