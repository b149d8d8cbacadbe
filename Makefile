# Superionic: two commands do everything on a fresh machine, `make run` and `make test`.

SWIFT   ?= swift
CONFIG  := release
BIN     := .build/$(CONFIG)/superionic
RESULTS ?= results
SUDO    := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

DATA    := Datasets/landmark-electrolytes.csv
TARGET  := --target conductivity_S_cm --log10 --temperature-column temperature_C --group-column doi

.PHONY: help setup build run test test-slurm bench fuzz format clean

help:
	@echo "make run      build, then cross-validate, train and rank on the bundled data"
	@echo "make test     build and run all tests"
	@echo "make test-slurm  a screening job on a real Slurm, on loopback (root; about 3 minutes)"
	@echo "make bench    rates of the hot loops beside the measured dgemm rate"
	@echo "make fuzz     ten million generated formulas through the parser (a minute or two)"
	@echo "make setup    install what is missing (Debian packages)"
	@echo "make build    $(BIN)"
	@echo "make format   format Sources and Tests"
	@echo "make clean    remove build products and results"

# Only what is missing is installed, so a prepared machine needs no network and no root.
setup:
	@command -v $(SWIFT) >/dev/null || { echo "Swift 6.1 or later is needed; see https://www.swift.org/install"; exit 2; }
	@missing=""; \
	for package in libopenblas-dev libsqlite3-dev pkg-config; do \
	  dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "installing$$missing"; \
	  $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq $$missing; \
	fi

build: setup
	$(SWIFT) build -c $(CONFIG) --product superionic

run: build
	@mkdir -p $(RESULTS)
	@echo; echo "== How well does a model predict what it has not seen? =="
	$(BIN) validate $(DATA) $(TARGET)
	@echo; echo "== Train on everything =="
	$(BIN) train $(DATA) $(TARGET) -o $(RESULTS)/conductivity.model
	@echo; echo "== Rank candidates =="
	$(BIN) rank Datasets/candidates.csv --model conductivity=$(RESULTS)/conductivity.model --top 20 \
	  -o $(RESULTS)/ranking.csv
	@echo; echo "The model and the ranking are in $(RESULTS)/"

test: setup
	$(SWIFT) build -c $(CONFIG) --build-tests
	$(SWIFT) test -c $(CONFIG) --skip-build

test-slurm: build
	Tests/Slurm/run.sh $(BIN)

bench: build
	$(BIN) bench

fuzz: build
	$(BIN) bench fuzz-formulas --count 10000000

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

clean:
	rm -rf .build $(RESULTS)
