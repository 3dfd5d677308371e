# `make lab` and `make test` first see to it that .venv holds backproplab, then do their work in it.
# Paths are relative, and programs are run as `python -m …`, so the clone may lie in a folder with a space in its name.

.PHONY: help lab test notebooks slides site bench install venv bench-venv clean

help:
	@echo "make lab         open the course in JupyterLab (options: LAB_ARGS=\"--no-browser --port=8899\")"
	@echo "make test        run all tests                 (options: TEST_ARGS=\"tests -k chain\")"
	@echo "make notebooks   run all notebooks again and store their outputs"
	@echo "make slides      build a deck for each lecture in build/slides, which needs no network (and no Python) to be shown"
	@echo "                                              (options: SLIDES_ARGS=\"notebooks/03-chain-rule.ipynb\")"
	@echo "make site        build web pages of the whole course in build/site: lessons, slides, gallery"
	@echo "make bench       compare with micrograd, autograd, PyTorch and NumPy, in an environment of its own, .bench"
	@echo "                                              (options: BENCH_ARGS=\"--quick\"; BENCH_TORCH= leaves PyTorch out)"
	@echo "make clean       remove .venv and .bench; your notebooks in work/ stay"
	@echo "Add PYTHON=python3.12 to choose the Python that .venv is made with."

lab: install
	@echo "Starting JupyterLab …"
	@.venv/bin/python -m backproplab lab $(LAB_ARGS)

test: install
	@echo "Running the tests …"
	@.venv/bin/python -m pytest $(TEST_ARGS)

notebooks: install
	@echo "Running the notebooks …"
	@.venv/bin/python -m backproplab refresh notebooks

slides: install
	@.venv/bin/python -m backproplab slides $(SLIDES_ARGS)

site: install
	@.venv/bin/python -m backproplab site $(SITE_ARGS)

bench: .bench/installed .venv/installed
	@echo "Running the benchmark (about ten minutes; five with BENCH_ARGS=\"--quick\") …"
	@.bench/bin/python tests/bench/bench.py $(BENCH_ARGS)
	@.venv/bin/python tests/bench/latency.py
	@.venv/bin/python tests/bench/lessons.py
	@.venv/bin/python tests/binder_smoke.py

clean:
	rm -rf .venv .bench

install: .venv/installed
	@echo "backproplab is installed in .venv."

# The stamp is written last, so an interrupted installation has none, and it says for which folder and Python .venv
# was made: .venv has both by heart, so after a move, a copy or a change of Python it must be made anew.
needed = $(CURDIR) $(shell { "$(or $(PYTHON),$(1)/bin/python)" -V; } 2>&1 || true)
ifneq ($(call needed,.venv),$(shell cat .venv/installed 2>&1))
.venv/installed: venv
endif
ifneq ($(call needed,.bench),$(shell cat .bench/installed 2>&1))
.bench/installed: bench-venv
endif

.venv/installed: pyproject.toml binder/requirements.txt
	@echo "Installing backproplab, JupyterLab and the test tools (a few minutes the first time) …"
	@rm -f $@
	@.venv/bin/python -m pip install -qq --disable-pip-version-check \
	    --constraint binder/requirements.txt --editable '.[lab,slides,test]' \
	    || { echo "The installation did not finish (without a network it cannot): the same command starts it again." >&2; exit 1; }
	@echo "$$(pwd -P) $$(.venv/bin/python -V)" > $@

# On Linux, PyPI's PyTorch brings several gigabytes for graphics cards; name a smaller one if you have it.
BENCH_TORCH ?= torch==2.13.0

.bench/installed: pyproject.toml binder/requirements.txt tests/bench/requirements.txt
	@echo "Installing backproplab and its peers for the benchmark in .bench (minutes the first time) …"
	@rm -f $@
	@.bench/bin/python -m pip install -qq --disable-pip-version-check \
	    --constraint binder/requirements.txt --editable . --requirement tests/bench/requirements.txt \
	    || { echo "The installation did not finish (without a network it cannot): the same command starts it again." >&2; exit 1; }
	@if [ -z "$(BENCH_TORCH)" ] || ! .bench/bin/python -m pip install -qq --disable-pip-version-check $(BENCH_TORCH); then \
	    echo "PyTorch is left out; to try again, remove .bench."; \
	fi
	@echo "$$(pwd -P) $$(.bench/bin/python -V)" > $@

venv: FOLDER = .venv
bench-venv: FOLDER = .bench
venv bench-venv:
	@chosen=; found=; \
	for python in $(if $(PYTHON),"$(PYTHON)",python3 python3.14 python3.13 python3.12 python3.11); do \
	    version=$$({ "$$python" -V; } 2>&1) || continue; \
	    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' && chosen=$$python && break; \
	    found="$$found$${found:+, }$$version ($$python)"; \
	done; \
	if [ -z "$$chosen" ]; then \
	    echo "backproplab needs Python 3.11 or newer, but $${found:-no Python} was found:" \
	        "install a newer one, or name it, as in: make lab PYTHON=/path/to/python3.11" >&2; \
	    exit 1; \
	fi; \
	if ! "$$chosen" -c 'import ensurepip, venv' 2>/dev/null; then \
	    package=python$$("$$chosen" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv; \
	    echo "$$version ($$chosen) cannot make a virtual environment, because Debian and Ubuntu keep that in a package" \
	        "of its own: run 'sudo apt-get install python3-venv' (or $$package), then this command again." >&2; \
	    exit 1; \
	fi; \
	echo "Creating $(FOLDER) with $$version …"; \
	"$$chosen" -m venv --clear $(FOLDER)
