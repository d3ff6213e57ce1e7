#!/bin/sh
# Makes the secrets that docker-compose.yml hands to the containers, once; what is there stays. Needs openssl.
# The containers' accounts differ, so the files are readable inside this folder, and the folder is closed to others.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
cd secrets

make() { [ -s "$1" ] || openssl rand -hex 32 > "$1"; }

make bot_api_token
make secret_key
make database_password
[ -s database_url ] ||
    echo "postgresql+psycopg2://community:$(cat database_password)@postgres:5432/community" > database_url

# For a first try; replace both by those of your domain. Browsers will warn until then.
[ -s tls_key ] || openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj "/CN=localhost" \
    -keyout tls_key -out tls_certificate 2>/dev/null

chmod 644 ./*
echo "secrets are in deploy/secrets" >&2
