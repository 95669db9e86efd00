#!/usr/bin/env bash
# Installs the wheel PGCANON_WHEEL into an environment of its own, whose programs the next steps
# find on the PATH.
set -euo pipefail

environment=${RUNNER_TEMP:?}/pgcanon
python3 -m venv "$environment"
"$environment/bin/pip" install --quiet --disable-pip-version-check -- "${PGCANON_WHEEL:?}"
echo "$environment/bin" >>"${GITHUB_PATH:?}"
"$environment/bin/pgcanon" --version
