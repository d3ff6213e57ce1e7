#!/bin/sh
# Refreshes the chat page's parts of other projects in bot/channels/static/vendor from npm; needs npm, once per update.
# Change a version here, run this, look at the page, run tests/browser, commit.
set -eu
cd "$(dirname "$0")/.."
target=$PWD/bot/channels/static/vendor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

REACT=18.3.1 # the last with a build for browsers without bundling
CHATUI=3.8.0
SOCKET_IO=4.8.4
HEROICONS=2.2.0

# fetch NAME VERSION: unpacks the package to $work/NAME/package
fetch() {
    mkdir -p "$work/$1"
    (cd "$work/$1" && npm pack --silent "$1@$2" >/dev/null && tar -xzf ./*.tgz)
}

# listed NAME VERSION LICENCE-FILE FILES: one line of the manifest, and the licence beside it
listed() {
    name=$(printf '%s' "$1" | tr -d '@' | tr '/' '-')
    if [ -n "$3" ]; then cp "$work/$1/package/$3" "$target/LICENSE.$name"; fi
    printf '| %s | %s | %s | %s |\n' "$1" "$2" \
        "$(sed -n 's/.*"license": *"\([^"]*\)".*/\1/p' "$work/$1/package/package.json" | head -1)" "$4" >> "$target/README.md"
}

fetch react "$REACT"
fetch react-dom "$REACT"
fetch @chatui/core "$CHATUI"
fetch socket.io-client "$SOCKET_IO"
fetch heroicons "$HEROICONS"

rm -rf "$target"
mkdir -p "$target"
cp "$work/react/package/umd/react.production.min.js" "$target/react.js"
cp "$work/react-dom/package/umd/react-dom.production.min.js" "$target/react-dom.js"
cp "$work/@chatui/core/package/dist/index.js" "$target/chatui.js"
# ChatUI's fonts are on a server of another company: residents' browsers are not sent there.
sed 's/@font-face{[^}]*}//g' "$work/@chatui/core/package/dist/index.css" > "$target/chatui.css"
grep -v '^//# sourceMappingURL' "$work/socket.io-client/package/dist/socket.io.min.js" > "$target/socket.io.js"

# ChatUI draws <use href="#icon-NAME">: NAME as it calls it, then the drawing of Heroicons.
symbols=''
while read -r name drawing; do
    body=$(sed -e 's/ data-slot="icon"//' -e 's/ aria-hidden="true"//' -e 's/ xmlns="[^"]*"//' \
        -e "s/<svg/<symbol id=\"icon-$name\"/" -e 's/<\/svg>/<\/symbol>/' "$work/heroicons/package/24/$drawing.svg")
    symbols="$symbols$body
"
done <<ICONS
plus outline/plus
close outline/x-mark
spinner outline/arrow-path
warning-circle-fill solid/exclamation-circle
chevron-double-down outline/chevron-double-down
photo outline/photo
camera outline/camera
human outline/phone
settings outline/adjustments-horizontal
pin outline/map-pin
ICONS
printf '<svg xmlns="http://www.w3.org/2000/svg" class="Sprite" aria-hidden="true">\n%s</svg>\n' "$symbols" > "$target/icons.svg"

cat > "$target/README.md" <<HEAD
# Parts of other projects

Put here by \`scripts/vendor.sh\`; not edited by hand. The only change: ChatUI's remote fonts are left out.

| package | version | licence | files |
| --- | --- | --- | --- |
HEAD
listed react "$REACT" LICENSE react.js
listed react-dom "$REACT" LICENSE react-dom.js
listed @chatui/core "$CHATUI" LICENSE 'chatui.js, chatui.css'
listed socket.io-client "$SOCKET_IO" LICENSE socket.io.js
listed heroicons "$HEROICONS" LICENSE icons.svg
ls -l "$target"
