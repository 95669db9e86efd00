#!/usr/bin/env bash
# Compares; annotates lines, writes the summary of the job and the outputs of the step; ends with
# pgcanon's exit code. All inputs come as environment variables: see action.yml.
set -euo pipefail

cd -- "${PGCANON_WORKING_DIRECTORY:-.}"
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT

# With `=`, so that no value can be an option.
arguments=()
each() {                        # each OPTION VALUES: an option for every line
  local value
  while IFS= read -r value; do
    [ -z "$value" ] || arguments+=("$1=$value")
  done <<<"$2"
}
each --canonical "${PGCANON_CANONICAL:-}"
each --live "${PGCANON_LIVE:-}"
each --config "${PGCANON_CONFIG:-}"
gate=()
[ -z "${PGCANON_FAIL_ON:-}" ] || gate+=("--fail-on=$PGCANON_FAIL_ON")
[ "${PGCANON_STRICT:-false}" != true ] || gate+=(--strict)

# What a program prints may hold anything: until the token comes, no line is a command.
quietly() {
  local token code=0
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "::stop-commands::$token"
  "$@" 2>&1 || code=$?
  echo "::$token::"
  return "$code"
}
output() { echo "$1=$2" >>"${GITHUB_OUTPUT:-/dev/null}"; }
# The options are checked against configuration and register, which stay as they are.
write() {                       # write FORMAT FILE
  pgcanon diff "${arguments[@]}" --quiet --fail-on=never --format="$1" --output="$2"
}

code=0
quietly pgcanon diff "${arguments[@]}" "${gate[@]}" --format=json --output="$reports/drift.json" ||
  code=$?
output exit-code "$code"
if [ "$code" -gt 1 ]; then exit "$code"; fi

output verdict "$(sed -n 's/^  "verdict": "\([A-Z ]*\)",\{0,1\}$/\1/p' "$reports/drift.json")"
output drifts "$(grep -c '^      "id": "' "$reports/drift.json" || true)"

pgcanon diff "${arguments[@]}" --quiet --fail-on=never --format=github

write markdown "$reports/drift.md"
# A summary may have 1 MiB: rows of the table beyond that go, the rest stays.
awk '
  { size += length($0) + 1 }
  size > 900000 && /^\| SCHEMA-DRIFT-/ { left++; next }
  { print }
  END { if (left) printf "\n%d drifts are left out here.\n", left }
' "$reports/drift.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"

if [ -n "${PGCANON_SARIF_FILE:-}" ]; then write sarif "$PGCANON_SARIF_FILE"; fi
if [ -n "${PGCANON_HTML_FILE:-}" ]; then write html "$PGCANON_HTML_FILE"; fi
exit "$code"
