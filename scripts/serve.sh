#!/bin/sh
# make serve: this machine's installation with TLS for the phones around it (docs/operating.md).
# With words behind it, one command of that installation: sh scripts/serve.sh create_administrator
exec sh "$(dirname "$0")/run.sh" serve.py "$@"
