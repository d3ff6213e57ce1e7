#!/bin/sh
# Refreshes bot/console/static/vendor from the npm registry: pinned versions, the few files that the console serves,
# each package's licence, and README.md, which says what is there. Run it after changing a version below.
set -eu
cd "$(dirname "$0")/.."
HTMX=2.0.11
TABLER=1.6.1
ICONS=3.51.0
ICON_NAMES="alert-triangle arrow-back-up bell book check circle-check clock dots-vertical filter flag heart-handshake \
home list-details lock login logout map-pin message message-2 messages phone photo point refresh robot search send \
transfer urgent user user-plus users x"

vendor=bot/console/static/vendor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# fetch PACKAGE VERSION: unpacks it into $work/package
fetch() {
    rm -rf "$work/package"
    archive=$(npm pack --silent --pack-destination "$work" "$1@$2")
    tar -xzf "$work/$archive" -C "$work"
}

# note PACKAGE VERSION LICENCE FOLDER: a row of README.md
note() { printf '| %s | %s | %s | `%s/` |\n' "$1" "$2" "$3" "$4" >> "$work/README.md"; }

cat > "$work/README.md" <<'TABLE'
# Vendored files

Other projects' files, unchanged, refreshed by `scripts/vendor_console.sh`. Do not edit them here.

| package (npm) | version | licence | folder |
| --- | --- | --- | --- |
TABLE

rm -rf "$vendor"
mkdir -p "$vendor/htmx" "$vendor/tabler" "$vendor/icons"

fetch htmx.org "$HTMX"
cp "$work/package/dist/htmx.min.js" "$work/package/LICENSE" "$vendor/htmx/"
note htmx.org "$HTMX" 0BSD htmx

fetch @tabler/core "$TABLER"
cp "$work/package/dist/css/tabler.min.css" "$work/package/dist/js/tabler.min.js" "$vendor/tabler/"
note @tabler/core "$TABLER" MIT tabler

fetch @tabler/icons "$ICONS"
for name in $ICON_NAMES; do cp "$work/package/icons/outline/$name.svg" "$vendor/icons/"; done
cp "$work/package/LICENSE" "$vendor/icons/"
# @tabler/core ships no licence file; its licence is the icons', with the copyright of its own banner.
sed '/^Copyright/d' "$vendor/icons/LICENSE" > "$work/terms"
{ grep -o 'Copyright .*' "$vendor/tabler/tabler.min.css" | head -2; cat "$work/terms"; } > "$vendor/tabler/LICENSE"
note @tabler/icons "$ICONS" MIT icons

(cd "$vendor" && find . -type f ! -name README.md | LC_ALL=C sort | xargs sha256sum) > "$work/sums"
{ cat "$work/README.md"; printf '\nSHA-256:\n\n```\n'; cat "$work/sums"; printf '```\n'; } > "$vendor/README.md"
