#!/usr/bin/env bash
# Fetches further PostgreSQL versions into .pg/, where the tests find them, by means of
# ../shared/get_pg.sh. The list of bin folders is .pg/servers.txt, read by
# tests/server/installation.rs.
set -euo pipefail
cd "$(dirname "$0")/.."

fetch=../shared/get_pg.sh
if [ ! -x "$fetch" ]; then
  echo "There is no $fetch here: name the bin folders of your servers in PGCANON_TEST_PG" >&2
  echo "instead (CONTRIBUTING.md)." >&2
  exit 1
fi
mkdir -p .pg
# Lines such as `--pg 16=BINDIR,PG_DUMP`.
found=$("$fetch" .pg 15 16 17 18)
sed -n 's/^--pg [0-9]*=//p' <<<"$found" >.pg/servers.txt
echo "The tests will find:"
cat .pg/servers.txt
