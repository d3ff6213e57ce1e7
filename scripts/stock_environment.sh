#!/bin/sh
# Makes an environment with stock Rasa and TensorFlow (about 2.3 GB) that `make bench` compares the product with.
# usage: scripts/stock_environment.sh [DIRECTORY]     (default var/stock; then BENCH_STOCK_VENV=var/stock make bench)
set -eu
cd "$(dirname "$0")/.."
target=${1:-var/stock}
version=3.6.21

say() { printf '%s\n' "stock: $*" >&2; }

# Stock Rasa runs on 3.8 to 3.10. A python3.10 on PATH may be a version manager's shim that does not run: try each.
find_python() {
    for name in "${PYTHON:-}" python3.10 python3.9 python3.8 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python; do
        [ -n "$name" ] || continue
        "$name" -c 'import sys, venv, ensurepip; raise SystemExit(not (3, 8) <= sys.version_info[:2] <= (3, 10))' \
            >/dev/null 2>&1 && { echo "$name"; return 0; }
    done
    return 1
}

[ -x "$target/bin/rasa" ] && { say "$target is there already"; exit 0; }
if python=$(find_python); then
    say "using $("$python" --version 2>&1)"
    "$python" -m venv "$target"
elif command -v uv >/dev/null 2>&1; then
    uv venv --quiet --seed --python 3.10 "$target"
else
    say "stock Rasa needs Python 3.10, and none runs here: set PYTHON to one"
    exit 1
fi

say "installing rasa[jieba]==$version with TensorFlow (about 2.3 GB; 5 to 15 minutes, once)"
# Some of its dependencies build with what later versions of setuptools leave out.
printf 'setuptools<81\n' > "$target/build-constraints"
PIP_CONSTRAINT="$target/build-constraints" "$target/bin/python" -m pip install --quiet --disable-pip-version-check \
    --compile 'setuptools<81' wheel "rasa[jieba]==$version" >&2
say "ready: $(du -sh "$target" | cut -f1); now BENCH_STOCK_VENV=$target make bench"
