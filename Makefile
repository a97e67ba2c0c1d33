# `make` lists the targets. CI runs .ci/run, which calls these and nothing a
# developer cannot run.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# How long each fuzz function runs, and how often the crash test kills.
FUZZTIME ?= 10m
KILLS ?= 30
# How many walks the reference model is compared with at night.
WALKS ?= 1000000
# More for `go test`, as in: make test GOTESTFLAGS='-run TestLadder -v'
GOTESTFLAGS ?=
ARGS ?=
CHAOS ?=

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: demo
demo: ## try it here: simulated phones in the browser, nothing to install or sign up for
	go run ./cmd/ekinerja demo $(ARGS)

.PHONY: build
build: ## one static binary in bin/
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o bin/ekinerja ./cmd/ekinerja

# The race detector needs cgo. The tests start their own Postgres, Redis and
# browser from the binaries on this machine, on free ports. GOGC=200: collecting
# garbage took a sixth of the processor's time of the long stories.
.PHONY: test
test: ## all tests, with the race detector and in random order
	CGO_ENABLED=1 GOGC=200 go test -race -shuffle=on -timeout=28m $(GOTESTFLAGS) ./...

.PHONY: golden
golden: ## accept the transcripts as they are now; then read the diff
	go test ./cmd/ekinerja -run TestTranscripts -update
	git --no-pager diff --stat -- cmd/ekinerja/testdata

.PHONY: crash
crash: ## kill -9 the running service KILLS times and count what was lost
	CGO_ENABLED=1 go test -v -race -run TestCrash -count=1 -timeout=60m ./cmd/ekinerja -args -crash.kills=$(KILLS)

.PHONY: drill-wal
drill-wal: build ## bring a private database back to a moment from its log, while people report
	EKINERJA=bin/ekinerja scripts/wal-drill.sh $(ARGS)

.PHONY: drill
drill: build ## restore a dump of EKINERJA_DATABASE_URL beside it and verify the copy
	EKINERJA=bin/ekinerja scripts/backup-drill.sh $(ARGS)

# These measure, so they are built without the race detector; `make test` runs
# the shortest form with it. CHAOS=C10,C12 runs only those cases, and
# ARGS=-chaos.seed=N repeats what failed.
.PHONY: chaos
chaos: ## break what is around the service, one thing at a time, for five minutes
	go test -v -run '^TestChaos$$' -count=1 -timeout=30m ./cmd/ekinerja -args -chaos.level=l1 -chaos.only=$(CHAOS) $(ARGS)

.PHONY: chaos-night
chaos-night: ## the same for hours, with a new seed each round
	go test -v -run '^TestChaos$$' -count=1 -timeout=12h ./cmd/ekinerja -args -chaos.level=night -chaos.only=$(CHAOS) $(ARGS)
	@[[ -n '$(CHAOS)' ]] || go test -v -run '^TestReminderRace$$' -count=1 -timeout=2h ./store -args -reminder.races=100000

.PHONY: forged
forged: ## a hundred thousand forged and replayed updates, a million mutated buttons
	go test -v -run '^TestForgedUpdatesChangeNothing$$' -count=1 -timeout=30m ./cmd/ekinerja -args -forged.count=100000
	go test -v -run '^TestMutatedTokensAreNobodys$$' -count=1 -timeout=30m ./store -args -tap.mutations=1000000

.PHONY: fuzz
fuzz: ## run every fuzz function for FUZZTIME (10m)
	@{ grep -roE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . || echo "no fuzz functions yet" >&2; } | \
	while IFS=: read -r file func; do \
		echo "== $${func#func } in $$(dirname "$$file"), $(FUZZTIME)"; \
		go test -run='^$$' -fuzz="^$${func#func }$$" -fuzztime=$(FUZZTIME) "$$(dirname "$$file")" </dev/null; \
	done

# A walk that differs from the model prints its story and the seed that repeats it.
.PHONY: walks
walks: ## a million walks against the reference model, storms, and properties a million times
	go test -run '^TestWalksAgreeWithTheModel$$' -count=1 -timeout=12h ./conversations -args -model.walks=$(WALKS) -model.seed=$$RANDOM$$RANDOM
	go test -run '^TestStormsChangeNothing$$' -count=1 -timeout=2h ./store -args -storm.walks=400
	go test -run 'OneStateAndOrderedTimes|NeverMakesDue|LeavesTimeToAnswer|KeepsEveryWindow|NobodyIsLateThroughUs' -count=1 -timeout=4h ./roster ./bot -args -rapid.checks=$(WALKS)
	go test -run 'TheLineAlwaysEnds|LinesAreTheSuperior|TheLadderEnds' -count=1 -timeout=4h ./roster ./jobs -args -rapid.checks=100000
	go test -run '^TestLimitsAreThePace$$' -count=1 -timeout=2h ./store -args -rapid.checks=20000
	go test -run '^TestTheDatabaseGivesBackWhatWasTyped$$' -count=1 -timeout=2h ./store -args -texts.count=100000

.PHONY: bench
bench: ## all benchmarks, with allocations
	go test -run='^$$' -bench=. -benchmem ./...

.PHONY: lint
lint: bin/golangci-lint ## format, vet, and everything in .golangci.yml
	@wrong=$$(git ls-files -co --exclude-standard '*.go' | xargs -r ls -d 2>/dev/null | xargs -r gofmt -l); \
	if [[ -n $$wrong ]]; then echo "not formatted (make fmt):"; echo "$$wrong"; exit 1; fi
	go vet ./...
	bin/golangci-lint run ./...

# Its own module: see tools/rules. The first time fetches what Prometheus needs.
.PHONY: rules
rules: ## read alarms and dashboard with Prometheus' own parser
	go -C tools/rules run . ../../docs/operations/alerts.yml ../../docs/operations/grafana.json

.PHONY: fmt
fmt: bin/golangci-lint bin/templ ## format Go and templ files
	bin/golangci-lint fmt ./...
	@if [[ -n $$(git ls-files -co --exclude-standard 'web/*.templ') ]]; then bin/templ fmt web; fi

# A query file that was deleted or renamed must not leave its Go behind;
# templ removes such orphans itself.
.PHONY: generate
generate: bin/sqlc bin/templ ## write store/db from SQL and web/*_templ.go from templates
	@if compgen -G 'store/queries/*.sql' >/dev/null; then \
		bin/sqlc generate; \
		for made in store/db/*.sql.go; do \
			name=$${made##*/}; [[ -e store/queries/$${name%.go} ]] || rm -v "$$made"; \
		done; \
	else echo "no queries yet: sqlc has nothing to do"; fi
	@if [[ -n $$(git ls-files -co --exclude-standard 'web/*.templ') ]]; then bin/templ generate -path web; \
	else echo "no templates yet: templ has nothing to do"; fi

# Compares contents, not commits: it is right before a commit too.
.PHONY: fresh
fresh: bin/sqlc bin/templ ## fail when generated code is stale
	@generated() { find . -path './store/db/*.go' -o -name '*_templ.go' | sort | xargs -r sha256sum; }; \
	before=$$(generated); $(MAKE) --no-print-directory generate; after=$$(generated); \
	if ! diff <(echo "$$before") <(echo "$$after"); then \
		echo "generated code was stale; it is fresh now: commit it"; exit 1; fi

.PHONY: check
check: fresh lint rules test ## what CI does: generated code is fresh, lint, alarms, test

.PHONY: vuln
vuln: ## ask the Go vulnerability database about what we call (needs the internet)
	go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...

.PHONY: tools
tools: bin/sqlc bin/templ bin/golangci-lint ## build the pinned tools into bin/ (a few minutes, once)

bin/templ: tools/go.mod tools/go.sum
	go -C tools build -o ../bin/ github.com/a-h/templ/cmd/templ
	@touch $@

# sqlc carries Postgres' own parser, in C.
bin/sqlc: tools/go.mod tools/go.sum
	CGO_ENABLED=1 go -C tools build -o ../bin/ github.com/sqlc-dev/sqlc/cmd/sqlc
	@touch $@

bin/golangci-lint: tools/go.mod tools/go.sum
	go -C tools build -o ../bin/ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $@
