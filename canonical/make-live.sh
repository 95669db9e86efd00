#!/usr/bin/env bash
# Writes canonical/live.sql again: loads schema.sql and drift.sql into a scratch server of
# PostgreSQL 15 and dumps it. The text is as pg_dump prints it; where pg_dump knows
# --restrict-key, that option makes the key of \restrict the same each time.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh test
PGCANON_BLESS=1 PGCANON_REQUIRE_SERVER=1 PGCANON_TEST_MAJORS=15 \
  cargo test --locked --test worked_example -- --exact live_sql_is_a_genuine_dump
