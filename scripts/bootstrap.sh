#!/bin/sh
# Makes .venv with the locked requirements; does nothing when the lock file has not changed since.
# usage: scripts/bootstrap.sh [requirements.lock|requirements-dev.lock]
set -eu
cd "$(dirname "$0")/.."
lock=${1:-requirements.lock}
stamp=.venv/.installed

say() { printf '%s\n' "setup: $*" >&2; }

# A python3.10 on PATH may be a version manager's shim that does not run: try each before choosing it.
find_python() {
    for name in "${PYTHON:-}" python3.11 python3.10 python3; do
        [ -n "$name" ] || continue
        "$name" -c 'import sys, venv, ensurepip; raise SystemExit(sys.version_info[:2] not in ((3, 10), (3, 11)))' \
            >/dev/null 2>&1 && { echo "$name"; return 0; }
    done
    return 1
}

# requirements-dev.lock holds all of requirements.lock, so an environment made for tests also serves.
wanted=$(cat requirements.lock "$lock" | cksum)
[ -f "$stamp" ] && grep -qxF "$wanted" "$stamp" && exit 0

if python=$(find_python); then
    say "using $("$python" --version 2>&1)"
    [ -x .venv/bin/python ] || "$python" -m venv .venv
elif command -v uv >/dev/null 2>&1; then
    say "no Python 3.11 or 3.10 runs here; asking uv for one"
    uv venv --quiet --seed --python 3.11 .venv
else
    say "Python 3.11 or 3.10 with its venv module is needed, and none runs here."
    say "Debian 12, Ubuntu 22.04: apt-get install python3 python3-venv   ·   macOS: brew install python@3.11"
    say "or set PYTHON to one, e.g.  make run PYTHON=/opt/python3.11/bin/python3"
    exit 1
fi

# Rasa 3.6.21 declares Python < 3.11 and asks for parts that the product leaves out (requirements.overrides):
# hence --ignore-requires-python and --no-deps; the lock file is complete in itself.
say "installing $(grep -c '==' "$lock") packages from $lock (a minute or two, once)"
progress=off
[ -t 2 ] && progress=on
.venv/bin/python -m pip install --quiet --disable-pip-version-check --progress-bar "$progress" --require-hashes \
    --no-deps --ignore-requires-python --compile -r "$lock" >&2
printf '%s\n' "$(cat requirements.lock requirements.lock | cksum)" "$wanted" > "$stamp"
say "environment ready: $(du -sh .venv | cut -f1)"
