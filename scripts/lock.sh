#!/bin/sh
# Resolves requirements.in and requirements-dev.in, hashed and without URLs, for Python 3.10 (the lock serves 3.11 too).
set -eu
cd "$(dirname "$0")/.."
command -v uv >/dev/null 2>&1 || { echo "uv is needed: pip install uv" >&2; exit 1; }
resolve() {
    uv pip compile --quiet --python-version 3.10 --override requirements.overrides \
        --generate-hashes --no-header --no-annotate "$@"
}
resolve requirements.in requirements-dev.in -o requirements-dev.lock
resolve requirements.in -c requirements-dev.lock -o requirements.lock
