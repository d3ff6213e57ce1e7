.DEFAULT_GOAL := help
PYTHON_RUN := .venv/bin/python
export PYTHONPATH := .
export PYTHONUNBUFFERED := 1

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup:  ## make .venv with the locked requirements
	@scripts/bootstrap.sh requirements.lock

setup-dev:
	@scripts/bootstrap.sh requirements-dev.lock

run: setup  ## set up everything and serve the bot, the chat page and the console
	@exec $(PYTHON_RUN) -m bot serve

train: setup  ## train the model unless its inputs are unchanged
	@$(PYTHON_RUN) -m bot train

test: setup-dev  ## set up and run all tests
	@scripts/browser.sh
	@$(PYTHON_RUN) -m bot train
	@$(PYTHON_RUN) -m pytest

evaluate: setup train  ## measure understanding on the evaluation sets
	@$(PYTHON_RUN) -m bot evaluate

bench: setup-dev train  ## run the benchmarks
	@$(PYTHON_RUN) -m benchmarks

lint: setup-dev  ## lint, format check, types, Rasa data
	@$(PYTHON_RUN) -m ruff check .
	@$(PYTHON_RUN) -m ruff format --check .
	@$(PYTHON_RUN) -m mypy
	@$(PYTHON_RUN) -m bot validate

format: setup-dev  ## let ruff format and fix
	@$(PYTHON_RUN) -m ruff format .
	@$(PYTHON_RUN) -m ruff check --fix .

lock: setup-dev  ## resolve the requirements anew (needs uv)
	@scripts/lock.sh

.PHONY: help setup setup-dev run train test evaluate bench lint format lock
