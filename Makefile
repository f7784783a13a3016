# Two commands do all the set-up on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_DATA ?= .demo
TOOLS := libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui tesseract-ocr tesseract-ocr-vie
TEST_TOOLS := $(TOOLS) chromium postgresql fonts-liberation fonts-noto-core openssl poppler-utils strace

.PHONY: demo test setup lint bench tools test-tools samples lock clean

demo: tools setup
	@mkdir -p $(DEMO_DATA)/trust && cp tests/samples/pki/goc-thu-nghiem.cert.pem $(DEMO_DATA)/trust/
	@$(BIN)/vankho --data $(DEMO_DATA) ingest corpus/samples/papers
	@VANKHO_OFFICE="Văn khố huyện Yên Hà" VANKHO_TODAY=2018-01-15 $(BIN)/vankho --data $(DEMO_DATA) serve

test: test-tools $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/pyright
	$(BIN)/python -m pytest -n 2 --dist loadfile

setup: $(VENV)/.ready

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/pyright

bench: test-tools $(VENV)/.ready-dev
	$(BIN)/python -m tests.bench

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Vankho needs Python 3.11 or newer"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); sh .ci/install-tools python3-venv && $(PYTHON) -m venv $(VENV); }

$(VENV)/.ready: requirements.txt pyproject.toml package-lock.json | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@sh web/static/fetch-vendor
	@touch $@

$(VENV)/.ready-dev: requirements-dev.txt $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

# Outside programs. Without them .doc files and scans are kept as «chờ công cụ»; everything else works.
tools:
	@sh .ci/install-tools $(TOOLS) || echo "Thiếu LibreOffice hoặc Tesseract: tệp .doc và bản quét sẽ được giữ và chờ công cụ."

test-tools:
	@sh .ci/install-tools $(TEST_TOOLS)

samples: $(VENV)/.ready-dev
	$(BIN)/python -m tests.samples.make

lock: $(VENV)/.ready-dev
	$(BIN)/uv pip compile --quiet --universal --no-header --generate-hashes --no-emit-index-url pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --no-header --generate-hashes --no-emit-index-url --extra dev pyproject.toml -o requirements-dev.txt

clean:
	rm -rf $(VENV) $(DEMO_DATA) node_modules web/static/vendor *.egg-info
