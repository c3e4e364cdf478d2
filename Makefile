# `make run` and `make test` do all the set-up; the other targets are their steps.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# The demo, the lints, the tests and the program that the SDKs, proxies and the browser are tested with share this profile, so
# that every dependency is compiled once. It takes less time than a release build.
PROFILE := checked
CHECKED := target/$(PROFILE)/livetrail
WITH_POSTGRES := target/$(PROFILE)/private-postgres
# Tests wait for disks, clocks and other programs about a third of their time.
TEST_THREADS := $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) * 3 / 2 )))
NEXTEST := cargo nextest run --cargo-profile $(PROFILE) --locked --workspace --test-threads $(TEST_THREADS)
export CARGO_BUILD_JOBS ?= 2

.PHONY: help
help: ## Show the targets
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 16

.PHONY: build
build: dashboard ## Build target/release/livetrail with the dashboard inside
	cargo build --release --locked --bin livetrail

# Only the last crate needs the dashboard, so the libraries in C are compiled while npm builds it.
.PHONY: run
run: ## Serve on port 7777 with live demo data; the log shows the sign-in link
	trap 'kill %1 2>/dev/null || true' EXIT; set -m; $(MAKE) --no-print-directory c-libraries & \
	$(MAKE) --no-print-directory dashboard; wait $$!
	cargo build --profile $(PROFILE) --locked --bin livetrail
	$(CHECKED) serve --demo

.PHONY: c-libraries
c-libraries:
	cargo build --profile $(PROFILE) --locked --package aws-lc-sys --package libsqlite3-sys --package tikv-jemalloc-sys --package zstd-sys

.PHONY: test
test: ## Run every test, and say how long each step took
	+@scripts/timed setup lint deny test-dashboard test-rust test-openapi test-sdks test-example test-proxies test-e2e

.PHONY: setup
setup: ## Install what the tests need and is not there
	scripts/setup

# Without Node the binary has a page that says how to build the real one.
.PHONY: dashboard
dashboard: ## Build the dashboard
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory dashboard/dist/index.html; \
	else echo 'npm is not installed: building without the dashboard'; fi

# The dashboard follows the log and shows activities with code of the SDK, from its sources.
DASHBOARD_SOURCES := $(shell find dashboard/src dashboard/public dashboard/scripts sdks/typescript/src -type f 2>/dev/null) \
	sdks/typescript/package.json \
	$(wildcard dashboard/*.json dashboard/*.html dashboard/*.ts)

dashboard/dist/index.html: dashboard/node_modules/.package-lock.json $(DASHBOARD_SOURCES)
	cd dashboard && npm run --silent build

%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --silent
	touch $@

.PHONY: lint
lint: ## Check formatting and lints of the Rust code
	cargo fmt --all --check
	cargo clippy --profile $(PROFILE) --locked --workspace --all-targets -- --deny warnings

# The tests' features of dependencies are compiled in, as they are in the test programs, so that no dependency is compiled twice.
.PHONY: checked
checked: dashboard
	cargo test --profile $(PROFILE) --locked --workspace --no-run

# The dashboard is built first, since the binary under test embeds it. All tests share one private PostgreSQL, and those of
# the API are run over it too, and with a task for each stream, as it is over TLS and HTTP/2.
.PHONY: test-rust
test-rust: setup checked ## Test the Rust crates, over SQLite and PostgreSQL
	$(WITH_POSTGRES) $(NEXTEST)
	TEST_PUSH=tasks $(NEXTEST) -E 'binary(api)'
	TEST_DATABASE=postgres $(WITH_POSTGRES) $(NEXTEST) -E 'binary(api)'
	cargo test --profile $(PROFILE) --locked --workspace --doc --quiet

.PHONY: test-outages
test-outages: setup checked ## Kill server and database a hundred times each under load (10 minutes)
	ROUNDS=100 $(WITH_POSTGRES) $(NEXTEST) --profile long -E 'binary(cli) & (test(crash::) | test(outage::))'

.PHONY: faults
faults: setup checked ## Check what clients see through a thousand faults, on each database (15 minutes)
	ROUNDS=334 $(WITH_POSTGRES) $(NEXTEST) --profile long -E 'binary(cli) & test(/^storm::/)'

.PHONY: alert-faults
alert-faults: setup checked ## Check that each alert is raised once and told, through a thousand faults (40 minutes)
	ROUNDS=334 $(WITH_POSTGRES) $(NEXTEST) --profile long -E 'binary(cli) & test(/^alert_storm::/)'
	ROUNDS=40 $(WITH_POSTGRES) $(NEXTEST) --profile long -E 'binary(cli) & test(/alerts::each_alert_of_a_flood/)'

.PHONY: test-openapi
test-openapi: checked ## Hold the real binary to its OpenAPI document, as each role
	LIVETRAIL_BINARY=$(CURDIR)/$(CHECKED) scripts/schemathesis/test

# The code has no `unsafe`, so the address sanitizer would find nothing and slow the fuzzer down. It needs unstable flags of the compiler.
SECONDS ?= 600
FUZZ_TARGETS ?= json activity csv cursor filter forwarded token websocket

.PHONY: fuzz
fuzz: ## Fuzz each reader of untrusted input for ten minutes (SECONDS=… FUZZ_TARGETS=…)
	command -v cargo-fuzz >/dev/null || cargo install --locked cargo-fuzz
	for target in $(FUZZ_TARGETS); do \
	  mkdir -p fuzz/corpus/$$target; \
	  RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir fuzz --sanitizer none $$target fuzz/corpus/$$target fuzz/seeds/$$target \
	    -- -max_total_time=$(SECONDS) -max_len=16384; \
	done

.PHONY: test-dashboard
test-dashboard: dashboard/node_modules/.package-lock.json dashboard ## Test the dashboard and its size
	cd dashboard && npm run --silent lint && npm test --silent && npm run --silent size

.PHONY: test-sdks
test-sdks: checked ## Test the SDKs, with the real binary
	LIVETRAIL_BINARY=$(CURDIR)/$(CHECKED) sdks/python/test --quiet
	LIVETRAIL_BINARY=$(CURDIR)/$(CHECKED) sdks/typescript/test

.PHONY: test-example
test-example: ## Test the example application
	examples/fastapi-chat/test

.PHONY: test-proxies
test-proxies: checked setup ## Test the configurations of proxies/ with nginx, HAProxy and Caddy
	LIVETRAIL_BINARY=$(CURDIR)/$(CHECKED) proxies/test --quiet

.PHONY: test-e2e
test-e2e: checked e2e/node_modules/.package-lock.json ## Test the real binary in a real browser
	cd e2e && LIVETRAIL_BINARY=$(CURDIR)/$(CHECKED) npm test --silent

.PHONY: deny
deny: setup ## Check licences, sources and banned crates of all dependencies
	cargo deny check bans licenses sources

.PHONY: audit
audit: setup ## Check dependencies for known vulnerabilities (needs a network)
	cargo deny check advisories

.PHONY: bench
bench: build ## Measure ingest and live push; prints a table
	bench/run
