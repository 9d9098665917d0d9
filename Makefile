# `make run` serves the dashboard, `make test` runs the tests; both set up everything they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# one more than there are cores: browser tests mostly wait
WORKERS := $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
READY := $(VENV)/.ready
TEST_READY := $(VENV)/.ready-test
PORT ?= 8501
# What Python and pytest compile is kept between runs: every process starts seconds earlier.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test bench build update check style clean

run: build
	$(BIN)/python -m streamlit run dashboard.py --server.port $(PORT)

# A release of what ships and what was received; if nothing changed, the same one again.
build: $(READY)
	@$(BIN)/python -m indicators build --quiet

update: $(READY)
	$(BIN)/python -m indicators update
	$(BIN)/python -m indicators build

# What a minute can tell: style, types and the tests that need neither the built town nor a browser.
check: style
	$(BIN)/python -m pytest tests/unit tests/zoo -m "not build and not slow" -n 2

# Style is looked at beside the tests: while they begin, a core is idle (they wait for the town).
# Its words come after theirs; either of them stops `make`.
test: $(TEST_READY)
	@style=$$(mktemp); $(MAKE) --no-print-directory style >$$style 2>&1 & look=$$!; \
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder; tests=$$?; \
	wait $$look; looked=$$?; cat $$style; rm -f $$style; \
	[ $$tests = 0 ] && [ $$looked = 0 ]

style: $(TEST_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m mypy

bench: $(TEST_READY)
	$(BIN)/python -m benchmarks

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 oder neuer wird gebraucht.")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(TEST_READY): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test]"
	@touch $@

clean:
	rm -rf $(VENV) build indicators.egg-info
