# Superionic: two commands do everything on a fresh machine, `make run` and `make test`.

SWIFT   ?= swift
CONFIG  := release
BIN     := .build/$(CONFIG)/superionic
RESULTS ?= results
SUDO    := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

DATA    := Datasets/landmark-electrolytes.csv
TARGET  := --target conductivity_S_cm --log10 --temperature-column temperature_C --group-column doi

# Where `make install` puts things, and the one binary it puts: Swift's runtime, SQLite and libstdc++ are inside.
PREFIX  ?= /usr/local
DESTDIR ?=
STATIC  := .build/static
PROGRAM := $(STATIC)/superionic
DEB     := .build/deb

.PHONY: help setup build run test test-slurm test-browser models tables tables-network tables-energies bench fuzz program man install uninstall deb notebooks docs format clean

help:
	@echo "make run      build, then cross-validate, train and rank on the bundled data"
	@echo "make test     build and run all tests"
	@echo "make test-slurm  a screening job on a real Slurm, on loopback (root; half a minute)"
	@echo "make test-browser  the HTML report in headless Chromium (skipped where there is none)"
	@echo "make models   train again what lies in Models/"
	@echo "make tables   cross-validated scores of all models and ablations (half an hour; SHUFFLES=1 for a third)"
	@echo "make tables-energies  networks of formation, decomposition and hull energies, scored (three quarters of an hour)"
	@echo "make tables-network  designs, neighbours, rows and doubt of the networks (about half an hour)"
	@echo "make bench    rates of the hot loops beside the measured dgemm rate"
	@echo "make fuzz     ten million generated formulas through the parser (some ten minutes)"
	@echo "make install  PREFIX=/usr/local: one binary, shell completions and the manual page"
	@echo "make deb      a Debian package in .build/"
	@echo "make notebooks  run every command of Notebooks-md/ and compare; UPDATE=1 writes what came out"
	@echo "make docs     the reference of every module in .build/docs/ (DocC)"
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

# The models that come with the program; build again afterwards to take them in.
PHASES := Datasets/phases.csv --target eV_per_atom --group-column chemical-system --model compact-network --neighbours 8
models: build
	$(BIN) train $(DATA) $(TARGET) --model composition-gp -o Models/conductivity.model
	$(BIN) validate $(DATA) $(TARGET) --model composition-gp --skip-scrambling
	$(BIN) train $(PHASES) -o Models/formation-energy.model
	$(BIN) validate $(PHASES) --skip-scrambling --classify 0

# Scores of all models on public conductivities where they lie beside the repository, else on the bundled table.
PUBLIC  := $(wildcard ../shared/datasets/obelix_train.csv)
MERGED  := $(PUBLIC) $(wildcard ../shared/datasets/liverpool_train.csv)
SCORES  := --target conductivity_S_cm --log10 --group-column doi
SHUFFLES ?= 3
COMPARE := $(BIN) compare $(SCORES) --clip -10 --shuffles $(SHUFFLES)
ALL     := $(or $(PUBLIC),$(DATA))
WARM    := $(or $(MERGED),$(DATA)) --temperature-column temperature_C
tables: build
	@echo "== All models, same folds =="
	$(COMPARE) $(ALL) --models composition-gp,auto,gp,kernel-ridge,boosting,quantile-boosting,extra-trees,random-forest,quantile-forest,ridge,bayesian-ridge,elastic-net
	@echo; echo "== Rows at all temperatures =="
	$(COMPARE) $(WARM) --models composition-gp,auto,extra-trees,boosting,ridge
	@echo; echo "== What rows at other temperatures bring: room-temperature rows alone, and all of them, scored at room temperature =="
	$(COMPARE) $(WARM) --score-at-room-temperature --models composition-gp:learn=room,composition-gp
	$(COMPARE) $(WARM) --score-at-room-temperature --models boosting:learn=room,boosting
	@echo; echo "== Without the Arrhenius law: temperature as a column of the same rows =="
	$(COMPARE) $(or $(MERGED),$(DATA)) --numeric-column temperature_C --models composition-gp,extra-trees,boosting
	@echo; echo "== What bounds bring: as values, as bounds, left out =="
	$(COMPARE) $(ALL) --models gp,gp:bounds=bounds,gp:learn=measured
	@echo; echo "== What lithium descriptors bring =="
	$(COMPARE) $(ALL) --models boosting,boosting:descriptors=magpie+lithium
	$(COMPARE) $(ALL) --models extra-trees,extra-trees:descriptors=magpie+lithium
	@echo; echo "== What a known noise of repeats, Student's t and jackknife+ bring =="
	$(COMPARE) $(ALL) --models gp,gp:noise=repeats,gp:likelihood=student-t,gp:intervals=jackknife+
	$(COMPARE) $(ALL) --models composition-gp,composition-gp:noise=repeats
	@echo; echo "== One family after the other left out =="
	$(BIN) validate $(ALL) $(SCORES) --leave-out-column family --model composition-gp
	@echo; echo "== What families of descriptors are worth =="
	$(BIN) validate $(ALL) $(SCORES) --model boosting --importance --skip-scrambling

# What the parts of the composition networks are worth, for the three energies, on chemical systems held out.
ENERGIES := $(wildcard ../shared/datasets/formation_energy_train.csv ../shared/datasets/decomposition_energy_train.csv \
  ../shared/datasets/energy_above_hull_train.csv)
SECONDS_EACH ?= 40
tables-network: build
	@[ -n "$(ENERGIES)" ] || { echo "put the tables of energies into ../shared/datasets/; Datasets/README.md says where they come from"; exit 2; }
	$(BIN) bench network $(firstword $(ENERGIES)) --ablation --seconds $(SECONDS_EACH)
	@for table in $(ENERGIES); do echo; echo "== $$table, one network and the ensemble =="; \
	  $(BIN) bench network $$table --ablation --parts split --seconds $(SECONDS_EACH) || exit 1; done

# Networks of the three energies, a quarter of an hour each, scored on rows that they have not seen.
BUDGET ?= 15m
tables-energies: build
	@[ -n "$(ENERGIES)" ] || { echo "put the tables of energies into ../shared/datasets/; Datasets/README.md says where they come from"; exit 2; }
	@mkdir -p $(RESULTS)
	@for table in $(ENERGIES); do name=$$(basename $$table _train.csv); echo; echo "== $$name =="; \
	  $(BIN) train $$table --target eV_per_atom --budget $(BUDGET) -o $(RESULTS)/$$name.model && \
	  $(BIN) score $(RESULTS)/$$name.model $${table%_train.csv}_val.csv --classify 0 || exit 1; done

test-slurm: build
	Tests/Slurm/run.sh $(BIN)

notebooks: build
	Notebooks-md/run.sh $(BIN)

# One archive for each module. Any warning of DocC is an error.
DOCS := .build/docs
docs: setup
	$(SWIFT) build -c $(CONFIG)
	@rm -rf $(DOCS) && mkdir -p $(DOCS)
	@maps=$$(for map in .build/$(CONFIG)/*.build/module.modulemap .build/checkouts/*/Sources/*/include/module.modulemap; do \
	  [ -e $$map ] && echo "-Xcc -fmodule-map-file=$$map"; done); \
	target=$$($(SWIFT) -print-target-info | sed -n 's/.*"unversionedTriple": "\(.*\)".*/\1/p' | head -1); \
	for catalog in Sources/*/*.docc; do \
	  module=$$(basename $$catalog .docc); mkdir -p $(DOCS)/symbols/$$module; \
	  $(SWIFT) symbolgraph-extract -module-name $$module -I .build/$(CONFIG)/Modules -I Sources/COpenBLAS \
	    -I .build/checkouts/GRDB.swift/Sources/GRDBSQLite $$maps -target $$target -minimum-access-level public \
	    -output-dir $(DOCS)/symbols/$$module || exit 1; \
	  docc convert $$catalog --additional-symbol-graph-dir $(DOCS)/symbols/$$module --output-path $(DOCS)/$$module.doccarchive \
	    --fallback-display-name $$module --fallback-bundle-identifier superionic.$$module > $(DOCS)/$$module.log 2>&1 || { cat $(DOCS)/$$module.log; exit 1; }; \
	  grep -A1 '^warning' $(DOCS)/$$module.log | paste - - - > $(DOCS)/$$module.warnings || true; \
	done; \
	cat $(DOCS)/*.warnings; [ -z "$$(cat $(DOCS)/*.warnings)" ] && echo "$$(ls -d $(DOCS)/*.doccarchive | wc -l) modules in $(DOCS)/, no warnings"

test-browser: build
	Tests/Browser/screenshots.sh $(BIN) $(RESULTS)/browser

bench: build
	$(BIN) bench

fuzz: build
	$(BIN) bench fuzz-formulas --count 10000000

# The objects of `make build` linked again, with the archives of Swift's runtime, SQLite and libstdc++: seconds, not
# minutes. Archives in a folder that is searched first win over shared libraries of the same name.
RUNTIME := CoreFoundation _FoundationICU _FoundationCollections _FoundationCShims dispatch BlocksRuntime
program: build
	@mkdir -p $(STATIC)/archives
	@for name in libsqlite3.a libstdc++.a; do \
	  file=$$(cc -print-file-name=$$name); \
	  [ -e "$$file" ] || { echo "$$name is missing; install libsqlite3-dev and libstdc++-dev"; exit 2; }; \
	  ln -sf "$$(realpath $$file)" $(STATIC)/archives/$$name; \
	done
	$(SWIFT)c -static-stdlib -emit-executable -module-name superionic -o $(PROGRAM) \
	  -L $(STATIC)/archives $$(pkg-config --libs openblas) -Xlinker --gc-sections -Xlinker --defsym -Xlinker main=superionic_main \
	  @.build/$(CONFIG)/superionic.product/Objects.LinkFileList $(RUNTIME:%=-l%) -lsqlite3 -lstdc++ -lm

man: build
	$(BIN) manual > .build/superionic.1
	@echo "read it with: man -l .build/superionic.1"

install: program
	install -d $(addprefix $(DESTDIR)$(PREFIX)/, bin share/man/man1 share/bash-completion/completions \
	  share/zsh/site-functions share/fish/vendor_completions.d share/doc/superionic)
	install -s -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/superionic
	$(PROGRAM) manual > $(DESTDIR)$(PREFIX)/share/man/man1/superionic.1
	$(PROGRAM) --generate-completion-script bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/superionic
	$(PROGRAM) --generate-completion-script zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_superionic
	$(PROGRAM) --generate-completion-script fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/superionic.fish
	install -m 644 LICENSE README.md CHANGELOG.md $(DESTDIR)$(PREFIX)/share/doc/superionic/
	install -m 644 Datasets/README.md $(DESTDIR)$(PREFIX)/share/doc/superionic/Datasets.md
	@du -h $(DESTDIR)$(PREFIX)/bin/superionic

uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/, bin/superionic share/man/man1/superionic.1 \
	  share/bash-completion/completions/superionic share/zsh/site-functions/_superionic \
	  share/fish/vendor_completions.d/superionic.fish)
	rm -rf $(DESTDIR)$(PREFIX)/share/doc/superionic

# The shared libraries that the binary still needs decide what the package depends on.
deb:
	rm -rf $(DEB)
	$(MAKE) install PREFIX=/usr DESTDIR=$(CURDIR)/$(DEB)
	gzip -9n $(DEB)/usr/share/man/man1/superionic.1
	mv $(DEB)/usr/share/doc/superionic/LICENSE $(DEB)/usr/share/doc/superionic/copyright
	mkdir -p $(DEB)/usr/share/zsh/vendor-completions
	mv $(DEB)/usr/share/zsh/site-functions/_superionic $(DEB)/usr/share/zsh/vendor-completions/ && rmdir $(DEB)/usr/share/zsh/site-functions
	mkdir -p $(DEB)/DEBIAN
	@{ echo "Package: superionic"; echo "Version: $$($(PROGRAM) --version)"; \
	  echo "Architecture: $$(dpkg --print-architecture)"; echo "Maintainer: The Superionic authors <superionic@localhost>"; \
	  echo "Section: science"; echo "Priority: optional"; \
	  echo "Depends: libc6 (>= $$(objdump -T $(PROGRAM) | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -1 | cut -c7-)), libgcc-s1, libopenblas0"; \
	  echo "Installed-Size: $$(du -sk $(DEB)/usr | cut -f1)"; \
	  echo "Description: screening of solid-state lithium electrolytes"; \
	  echo " From a table of measured solid electrolytes to a ranked, defensible list of"; \
	  echo " what to make next: descriptors, models with calibrated uncertainty, phase"; \
	  echo " stability, screening of large spaces and active-learning campaigns."; } > $(DEB)/DEBIAN/control
	dpkg-deb --root-owner-group --build $(DEB) .build/superionic_$$($(PROGRAM) --version)_$$(dpkg --print-architecture).deb

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

clean:
	rm -rf .build $(RESULTS)
