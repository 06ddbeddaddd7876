# The front door. The work is done by CMake (presets in CMakePresets.json) and by scripts/.
PREFIX ?= /usr/local
JOBS ?= $(shell nproc)

.PHONY: all setup build run test test-sanitized test-fresh check bench format install package clean help

all: build  ## build the program: build/release/scission

setup:  ## install everything that the build needs
	@scripts/setup

build: setup
	@mkdir -p build && cmake --preset release > build/configure.log 2>&1 || { cat build/configure.log; exit 1; }
	@cmake --build --preset release -j $(JOBS)

run: build  ## benchmark this machine and print the best ways to split models
	@scripts/run

test: build  ## run all tests: unit, end to end, and the unit tests under sanitizers
	@cmake --preset asan > build/configure.log 2>&1 || { cat build/configure.log; exit 1; }
	@cmake --build --preset asan-tests -j $(JOBS)
	@echo 'subdirs("release" "asan")' > build/CTestTestfile.cmake
	@ctest --test-dir build --output-on-failure -j $(JOBS)

test-sanitized: build  ## run the end-to-end tests against the program under sanitizers
	@cmake --preset asan > build/configure.log 2>&1 || { cat build/configure.log; exit 1; }
	@cmake --build --preset asan-program -j $(JOBS)
	@tests/sanitized_e2e

test-fresh:  ## do the Dockerfile's steps, and try the packages, in fresh Debian roots
	@tests/fresh_root_test

check: build  ## check the format and the lint rules
	@scripts/check

bench: build  ## measure the speed of the program itself
	@scripts/bench

format: setup  ## format the sources
	@git ls-files '*.cc' '*.h' | xargs clang-format -i

install: build  ## install below PREFIX (default /usr/local)
	@cmake --install build/release --prefix "$(PREFIX)"

package:  ## make the Debian package build/scission_*.deb; ARCH=arm64 cross-builds it
	@scripts/package $(ARCH)

clean:  ## remove everything that was built
	@rm -rf build 2>/dev/null || sudo rm -rf build  # the fresh roots belong to root

help:  ## list these targets
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1|\2/p' Makefile | awk -F '|' '{printf "  make %-14s %s\n", $$1, $$2}'
