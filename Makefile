# Castle's front door. Every target installs first what it needs and this machine lacks.

# The Node that npm has installed comes first, whatever Node the machine has.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup packages extras drill test test-all lab plan

help: ## show this
	@echo "Castle: a trading platform that survives losing a whole region, and the tooling that proves it."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "Options go in ARGS, as in: make drill ARGS='--rps 800 --seed 7'. More: npx castle --help"

setup: ## install npm packages, PostgreSQL and Redis, where they are missing
	@scripts/setup.sh

packages:
	@scripts/setup.sh --packages

extras: ## install what some tests and PDF reports take, too: the AWS CLI, Chromium
	@scripts/setup.sh --extras

drill: setup ## lose a region under load, recover, and audit what became of every order
	@node bin/castle.js drill $(ARGS)

test: extras ## types, lint, unit, integration and drill tests
	@node scripts/test.ts

test-all: extras ## the same, and every case of what takes long, as a runner killed at each step
	@node scripts/test.ts --all

lab: setup ## both regions on this machine, to trade on (castle lab down ends them)
	@node bin/castle.js lab up $(ARGS)

plan: packages ## what a deployment of both regions would make, without an account
	@node bin/castle.js plan prd dr $(ARGS)
