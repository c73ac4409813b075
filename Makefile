# make demo · make test · make lint · make prove · make bench · make docs        (POSIX make 3.81 or later)
BIN := .venv/bin
FIND_PYTHON := for p in python3.11 python3.12 python3.13 python3 python; do \
	command -v $$p >/dev/null 2>&1 && \
	$$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1 && \
	{ echo $$p; break; }; done

.PHONY: demo test lint prove bench docs lock clean

demo: .venv/.installed ## make and refresh demo/, three centres of synthetic data
	@test -d demo || $(BIN)/sarcreg demo demo
	@$(BIN)/sarcreg refresh --home demo

test: .venv/.installed-dev ## the tests
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not slow"

lint: .venv/.installed-dev ## style, types, import rules
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

prove: .venv/.installed-dev ## the slow proofs, fixed seeds
	@$(BIN)/python -m pytest -q -m slow

bench: .venv/.installed-dev ## speed as ratios to a floor measured in the same run
	@$(BIN)/python tests/bench.py
	@$(BIN)/python tests/bench_survival.py
	@$(BIN)/python tests/bench_rules.py
	@$(BIN)/python tests/bench_publish.py

docs: .venv/.installed-dev ## the generated pages of docs/
	@$(BIN)/python -m flows.document

lock: .venv/.installed-dev ## pin the newest versions that pyproject.toml allows
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --extra dev -c requirements.lock \
		pyproject.toml -o requirements-dev.lock

clean: ## what make demo and the tests have made
	rm -rf demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/.made:
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
		echo "Needs Python 3.11, 3.12 or 3.13 with venv: on Debian or Ubuntu 'apt install python3 python3-venv', on macOS 'brew install python@3.13'." >&2; \
		exit 1; fi; \
	$$python -m venv .venv && touch $@

.venv/.installed: requirements.lock pyproject.toml .venv/.made
	@echo "installing (a minute or two, once) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/.installed-dev: requirements-dev.lock .venv/.installed
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements-dev.lock
	@touch $@
