# vitalfew: `make` lists the targets. Tools are pinned here and run from the module cache.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GO          ?= go
TESTFLAGS   ?=
FUZZTIME    ?= 60s
BENCHFLAGS  ?= -benchmem
LINES       ?= 10000000
CUSTOMERS   ?= 400000
RUNS        ?= 3
MODEL_CUSTOMERS ?= 1000000
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOLANGCI    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
CODE        := $(wildcard cmd pipeline scoring segment benchmarks)

.PHONY: help build check fmt vet lint lint-all test long race fuzz bench bench-smoke bench-peers bench-checks bench-models pollock tidy clean-tree ci

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

build: ## Build bin/vitalfew, optimised by the profile of benchmarks/profile.pgo
	$(GO) build -trimpath -pgo=benchmarks/profile.pgo -o bin/vitalfew ./cmd/vitalfew

check: fmt vet lint test ## What to run before a commit

fmt: ## Fail where gofmt -s would change a file
	@files=$$(gofmt -s -l $(CODE)); if [ -n "$$files" ]; then \
		printf 'gofmt would change these; run gofmt -s -w on them:\n%s\n' "$$files"; exit 1; fi

vet: ## go vet
	$(GO) vet ./...

lint: ## staticcheck, half a minute the first time
	$(GO) run $(STATICCHECK) ./...

lint-all: ## golangci-lint with .golangci.yml, minutes to build the first time
	$(GO) run $(GOLANGCI) run ./...

# go test's own lines come first and unchanged, then one line that sums them up.
test: ## All tests; TESTFLAGS=-count=1 goes past the cache, VITALFEW_DATA=DIR adds those on real data
	@log=$$(mktemp); trap 'rm -f "$$log"' EXIT; status=0; \
	$(GO) test $(TESTFLAGS) ./... 2>&1 | tee "$$log" || status=$$?; \
	awk '/^ok/ {ok++} /^FAIL\t/ {bad++; names = names " " $$2} /no test files/ {none++} \
		END {printf "packages: %d ok, %d failed, %d without tests\n", ok, bad, none; if (bad) print "failed:" names}' "$$log"; \
	if [ -z "$${VITALFEW_DATA:-}" ]; then echo "VITALFEW_DATA is not set: tests on real data were skipped"; fi; \
	exit $$status

long: ## The tests that take minutes, on real data (VITALFEW_DATA)
	$(GO) test -tags long $(TESTFLAGS) ./pipeline ./pipeline/ingest ./scoring/...

race: ## All tests under the race detector, shuffled; needs a C compiler
	$(GO) test -race -shuffle=on $(TESTFLAGS) ./...

# Without a bound the fuzzer spends nearly all of its time on making inputs smaller.
fuzz: ## Every fuzz target of the tree for FUZZTIME each, 20 minutes in all; 10s each in ci
	@targets=$$($(GO) test -list '^Fuzz' ./... | \
		awk '/^Fuzz/ {name[++n] = $$1} /^ok/ {for (i = 1; i <= n; i++) print $$2 "," name[i]; n = 0}'); \
	if [ -z "$$targets" ]; then echo "no fuzz target found"; exit 1; fi; \
	for t in $$targets; do \
		echo "== $${t#*,} of $${t%,*}"; \
		$(GO) test -run '^$$' -fuzz "^$${t#*,}\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x "$${t%,*}"; \
	done

bench: ## Every benchmark
	$(GO) test -run '^$$' -bench . $(BENCHFLAGS) ./...

bench-smoke: ## Every benchmark once, to see that it still runs
	$(GO) test -run '^$$' -bench . -benchtime 1x ./...

bench-peers: ## The comparison with DuckDB: LINES, CUSTOMERS, RUNS; see benchmarks/README.md
	$(GO) run ./benchmarks/peer -lines $(LINES) -customers $(CUSTOMERS) -runs $(RUNS)

bench-checks: ## What reading by evidence costs, on the lines of bench-peers
	$(GO) run ./benchmarks/checks -rounds 6 benchmarks/data/lines-$(LINES)-customers-$(CUSTOMERS)-seed-1/orders.csv

bench-models: ## The comparison of the purchase models with lifetimes: MODEL_CUSTOMERS, RUNS; see benchmarks/README.md
	@env=benchmarks/peers/.venv-lifetimes; test -x $$env/bin/python || { python3 -m venv $$env && \
		$$env/bin/pip install -q -r benchmarks/peers/requirements-lifetimes.txt; }
	$(GO) run ./benchmarks/lifetimes -customers $(MODEL_CUSTOMERS) -runs $(RUNS)

profile: build ## Renew benchmarks/profile.pgo from runs on the lines of bench-peers, which must be there
	@dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; \
	for f in benchmarks/data/lines-$(LINES)-customers-$(CUSTOMERS)-seed-1/orders.{csv,parquet}; do for i in 1 2; do \
		bin/vitalfew run --orders "$$f" --out "$$dir/out" --force --cpu-profile "$$dir/$${f##*.}-$$i.prof" >/dev/null; \
	done; done; \
	$(GO) tool pprof -proto "$$dir"/*.prof > "$$dir/all" && cp "$$dir/all" benchmarks/profile.pgo

pollock: ## Score convert on the Pollock files of VITALFEW_DATA, dialect given and sniffing
	$(GO) run ./benchmarks/pollock

tidy: ## Fail where go mod tidy would change go.mod or go.sum
	$(GO) mod tidy -diff

clean-tree: ## Fail where the work tree differs from the last commit
	@changed=$$(git status --porcelain); if [ -n "$$changed" ]; then \
		printf 'the work tree is not clean:\n%s\n' "$$changed"; exit 1; fi

ci: FUZZTIME = 10s
ci: tidy check race fuzz bench-smoke clean-tree ## Everything but lint-all and bench-peers
