# make help lists the targets.

ADDR ?= localhost:8080
ARGS ?=
BUILD ?=
LOAD ?= 10m

# The race detector needs a C compiler.
RACE := $(if $(filter 1,$(shell go env CGO_ENABLED)),-race)

JS := GOOS=js GOARCH=wasm
# Packages that run in a browser are tested with the page's modules, stand-ins included.
IN_BROWSER := $(JS) go test -modfile=build/cache/page.mod -exec "$$(go tool -n wasmbrowsertest)"

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run lab test soak lint e2e lighthouse screenshots bench bench-quick dist clean site binary setup packages unit wasm

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## /  make \1\t/p' Makefile | expand -t 14

run: site binary ## build the page and serve it at localhost:8080; ADDR and ARGS go to pushcall serve
	build/pushcall serve --addr $(ADDR) $(ARGS)

lab: site binary ## serve the page with local push services, and open it in two throw-away browsers
	build/pushcall lab --addr $(ADDR) --open firefox,chromium $(ARGS)

test: setup lint site binary unit wasm e2e lighthouse ## install what the tests need, and run all checks and tests

soak: setup site binary ## long tests: a million simulated schedules, a hundred calls and a large file between each pair of browsers, a hundred long calls of suspended browsers, LOAD=10m of messages, calls between NATs
	PUSHCALL_SCHEDULES=1000000 go test -timeout 60m ./call -run Simulation
	cd bench && PUSHCALL_SOAK_RELAY=$(LOAD) go test -count 1 -timeout 0 -run RelaySoak -v .
	cd e2e && node soak.mjs
	cd e2e && node stall-soak.mjs
	cd e2e && PUSHCALL_ALL_PAIRS=1 node --test bigfile.test.mjs
	e2e/setup.sh soak
	cd e2e && node nat-soak.mjs

lint: packages ## check Go and JavaScript sources statically
	@unformatted=$$(gofmt -l $$(find . -name '*.go' -not -path '*/node_modules/*')); \
		if [ -n "$$unformatted" ]; then echo "gofmt would change: $$unformatted"; exit 1; fi
	go vet ./...
	cd bench && go vet ./...
	cd examples && go vet ./...
	$(JS) go vet ./wasm/...
	go tool staticcheck ./...
	$(JS) $$(go tool -n staticcheck) ./wasm/...
	$(JS) $$(go tool -n jsguard) ./wasm/...
	cd e2e && for scripts in tsconfig*.json; do node_modules/.bin/tsc -p $$scripts || exit; done

e2e: setup site binary ## test calls between real browsers
	cd e2e && PUSHCALL_TEST_ALL=1 node --test --test-concurrency=2 --test-timeout=1800000 # milliseconds, of one file

lighthouse: site binary ## check the page's accessibility and best practices with Lighthouse
	@e2e/setup.sh lighthouse
	node e2e/lighthouse/run.mjs

screenshots: setup site binary ## take pictures of all states of the page for docs/, in six sizes, light and dark
	node e2e/screenshots.mjs

bench: site binary ## measure messages, calls and files beside other libraries, in a quarter of an hour
	@e2e/setup.sh bench
	@node bench/run.mjs

bench-quick: site binary ## the same in two minutes: fewer runs, one browser
	@e2e/setup.sh bench
	@node bench/run.mjs --quick

dist: site ## build the distribution in build/dist: the page for static hosts, programs with it inside, examples, checksums
	go run ./internal/dist
	@du -sh build/dist/site build/dist/pushcall-*

clean: ## remove built files
	rm -rf build

site:
	go run ./internal/site/build $(BUILD)

binary:
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o build/pushcall ./cmd/pushcall

setup:
	@e2e/setup.sh

packages:
	@e2e/setup.sh packages

unit:
	PUSHCALL_TEST_ALL=1 go test $(RACE) ./...
	PUSHCALL_SCHEDULES=100000 go test -timeout 30m ./call -run Simulation
	PUSHCALL_SCHEDULES=20000 go test -timeout 30m ./app -run Simulation
	cd bench && PUSHCALL_TEST_ALL=1 go test ./...
	cd examples && go build ./... && go test ./...

wasm: site
	PUSHCALL_TEST_ALL=1 $(IN_BROWSER) ./wasm/...
