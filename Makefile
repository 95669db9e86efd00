# Everything a contributor does, by name. `make` alone lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
# Where rustup puts cargo; a shell that was open before the installation does not know it.
export PATH := $(PATH):$(HOME)/.cargo/bin

.PHONY: help demo build test lint servers catalog bench soak wheel docs site doc validate setup-build setup-test setup-lint

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build ## Build, then show the drift of the worked example in canonical/
	@scripts/demo.sh

build: setup-build ## Install what building needs, then build target/release/pgcanon
	cargo build --release --locked

test: setup-test ## Install what the tests need, then run them on every PostgreSQL found
	PGCANON_REQUIRE_SERVER=1 cargo test --locked

lint: setup-lint ## Check formatting and lints
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings

servers: ## Fetch further PostgreSQL versions for the tests into .pg/
	scripts/servers.sh

catalog: setup-test ## Generate the catalog of built-in functions and operators again
	python3 tools/catalog/generate.py

bench: setup-build ## Run the benchmarks
	cargo bench --locked

soak: setup-test ## Run the long tests that `make test` leaves out
	PGCANON_REQUIRE_SERVER=1 cargo test --release --locked -- --ignored

wheel: setup-build ## Build the Python wheel and try it in a new virtual environment
	scripts/wheel.sh

docs: setup-test ## Write again what is generated in docs/: examples, pages of commands, contents
	PGCANON_BLESS=1 cargo test --locked --test docs -- --test-threads=1
	cargo test --locked --test docs

site: ## Build the documentation as a site into target/site (needs mdbook)
	mdbook build docs

doc: setup-build ## Document the library, warnings denied, and run its examples
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --lib --locked
	cargo test --doc --locked

validate: build ## Validate reports against the schemas of SARIF and JUnit (needs npm and pip)
	scripts/validate.sh target/release/pgcanon

setup-build setup-test setup-lint: setup-%:
	@scripts/setup.sh $*
