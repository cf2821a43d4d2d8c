# Short commands; each installs what it misses (tools/setup.sh) and then calls CMake, ctest or a script.
.DEFAULT_GOAL := build
.PHONY: setup build demo test lint asan tsan fuzz bench soak format clean help
.NOTPARALLEL:

SECONDS ?= 10
SOAK_SECONDS ?= 3600
JOBS := $(shell nproc)
# gcc 12's ThreadSanitizer cannot live with the wide address randomisation of newer kernels.
STILL_ADDRESSES := $(shell setarch -R true 2>/dev/null && echo setarch -R)

setup: ## install everything that any target needs
	@tools/setup.sh core render test lint fuzz

build: ## build the program: build/hinterland
	@tools/setup.sh core
	@cmake --preset release --log-level=WARNING >/dev/null
	@cmake --build --preset release

demo: ## build the program, then show the main job on this machine
	@tools/setup.sh core render
	@cmake --preset release --log-level=WARNING >/dev/null
	@cmake --build --preset release --target hinterland
	@PATH="$(CURDIR)/build:$$PATH" sh examples/demo.sh

test: ## build, then run all tests
	@tools/setup.sh core render test
	@$(MAKE) --no-print-directory build
	@ctest --preset release -j $(JOBS)

lint: ## clang-format and clang-tidy, warnings as errors
	@tools/setup.sh core lint
	@cmake --preset release --log-level=WARNING >/dev/null
	@tools/lint.sh

# All but `docs`: what documents print is the same, and other tests run each verb; it would take as long as all of them.
# So with `demo`. And `robust` and `replay_days`, which are about moments, and those are other ones here; `blender*`, which is Blender's Python; and
# `render_slurm`, whose parts `render_frames` and `broker_slurm` are.
asan: ## all tests under the address and undefined-behaviour sanitizers, built by clang
	@tools/setup.sh core render test fuzz
	@cmake --preset asan --log-level=WARNING >/dev/null
	@cmake --build --preset asan
	@ctest --preset asan -j $(JOBS)

# Of the libraries these share work out to threads, are shared by them (base/share_out.hpp), or have threads of their own.
THREADED := base cost judge siting executor serve

tsan: ## the tests of what has threads under the thread sanitizer
	@tools/setup.sh core render test
	@cmake --preset tsan --log-level=WARNING >/dev/null
	@cmake --build --preset tsan --target $(THREADED:%=%_test)
	@$(STILL_ADDRESSES) ctest --preset tsan -j $(JOBS) -R '^($(subst $() ,|,$(THREADED)))$$'

fuzz: ## each fuzzer for SECONDS=10, after a planted crash proved that fuzzing works
	@tools/setup.sh core fuzz
	@cmake --preset asan --log-level=WARNING >/dev/null
	@cmake --build --preset fuzz
	@tools/fuzz.sh $(SECONDS)

bench: ## measure against the limits and against peers; adds to bench/history
	@tools/setup.sh core render test bench
	@$(MAKE) --no-print-directory build
	@cmake --build --preset release --target bench

soak: ## the long run: fuzzers ten minutes each, all tests twenty times, cuts and interrupts, a broker killed 200 times, one over three Slurm clusters for SOAK_SECONDS=3600, a year of plans by HiGHS
	@$(MAKE) --no-print-directory test
	@$(MAKE) --no-print-directory fuzz SECONDS=600
	@ctest --preset release -j $(JOBS) --repeat until-fail:20
	@/usr/bin/python3 tests/robust_test.py --long build/hinterland .
	@/usr/bin/python3 tests/broker_kill_test.py build/hinterland 200 2000
	@/usr/bin/python3 tests/broker_slurm_test.py build/hinterland --for $(SOAK_SECONDS) --plot build/broker-soak.svg
	@/usr/bin/python3 tools/soak_plan.py

format: ## lay out all C++ files with clang-format
	@tools/setup.sh lint
	@tools/lint.sh --format

clean: ## remove all builds
	@cmake -E rm -rf build build-asan build-tsan

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile
