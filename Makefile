# Presisi Belajar. `make help` lists what there is.
PORT ?= 8000
RUN := @sh scripts/run.sh

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test check bench serve lock

help: ## Show this list
	@grep -E '^[a-z%-]+:.*##' Makefile | sed -E 's/^([a-z%-]+):.*## /  make \1\t/' | expand -t 20

demo: ## Prepare once and serve on http://127.0.0.1:8000 (PORT= changes it)
	$(RUN) demo.py $(PORT)

demo-reset: ## Throw the demonstration's data away
	@rm -rf .demo

test: ## Everything that decides whether the project is fit
	$(RUN) test.py

check: ## The quick part of it: formatting, lint, types, layer order, migrations
	$(RUN) test.py --quick

bench: ## Run every benchmark; make bench-NAME runs one
	$(RUN) bench.py

bench-%:
	$(RUN) bench.py $*

serve: ## Serve this machine's installation with TLS for phones (docs/operating.md)
	@sh scripts/serve.sh

lock: ## Renew requirements*.txt from requirements*.in (needs uv)
	uv pip compile --upgrade --python-version 3.11 --generate-hashes --no-emit-index-url requirements.in -o requirements.txt
	uv pip compile --upgrade --python-version 3.11 --generate-hashes --no-emit-index-url requirements-dev.in -o requirements-dev.txt
