#!/usr/bin/env bash
# Runs the main job on the worked example. Drift is what the example is about, so that only
# its absence, or a failure to compare, is an error here.
set -euo pipefail
cd "$(dirname "$0")/.."

echo
echo "\$ pgcanon diff canonical/schema.sql canonical/live.sql"
echo
status=0
"${CARGO_TARGET_DIR:-target}/release/pgcanon" diff canonical/schema.sql canonical/live.sql || status=$?

echo
case $status in
  1) echo "Drift found (exit code 1), as expected: canonical/README.md tells the story." ;;
  0) echo "No drift found, although the example has drifted." >&2; exit 1 ;;
  *) echo "pgcanon could not compare the two schemas (exit code $status)." >&2; exit "$status" ;;
esac
