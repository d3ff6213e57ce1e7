#!/bin/sh
# The browser tests need a Chromium. Installs Debian's where there is none and we may; else says so (tests then skip).
set -eu
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "setup: installing Chromium for the browser tests" >&2
    apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null && exit 0
fi
echo "setup: no Chromium found; the browser tests will be skipped (Debian: apt-get install chromium)" >&2
