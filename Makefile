# `make run` shows the founding case on this machine; `make test` runs every test. Each does its own set-up.
.DEFAULT_GOAL := build
.PHONY: setup setup-test build run test bench soak screenshot clean

parley := .build/debug/parley

setup:
	@bash Scripts/setup

setup-test: setup
	@bash Scripts/setup-test

# One build folder and one configuration: a second would build every dependency again.
build: setup
	swift build

# ARGS reaches the demonstration: `make run ARGS=--once` checks every step and ends.
run: build
	$(parley) demo $(ARGS)

test: setup-test
	bash Scripts/test

# The figures, of a release build; ARGS names the parts, such as `ARGS=conflicts`.
bench: setup
	bash Scripts/bench $(ARGS)

# Seeds, kills, fuzzing and faults of the disk for as long as is asked: `make soak ARGS=45m`.
soak: setup-test
	bash Scripts/soak $(ARGS)

# Writes the pictures that README and docs/operation.md show, of nodes that it starts itself.
screenshot: setup-test build
	.setup/venv/bin/python Scripts/walkthrough.py

# Also what set-up fetched; the Debian packages stay.
clean:
	rm -rf .build .setup Sources/NodeHTTP/Console/vendor
