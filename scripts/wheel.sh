#!/usr/bin/env bash
# Builds the Python wheel and tries it: in a new virtual environment, away from this folder, the
# installed program has to find the drift of the worked example.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
maturin=$(command -v maturin || true)
if [ -z "$maturin" ]; then
  python3 -m venv "$scratch/maturin"
  "$scratch/maturin/bin/pip" install --quiet --disable-pip-version-check 'maturin>=1.7,<2'
  maturin=$scratch/maturin/bin/maturin
fi

out=${CARGO_TARGET_DIR:-target}/wheels
rm -f "$out"/pgcanon-*.whl
"$maturin" build --release --out "$out"
wheels=("$out"/pgcanon-*.whl)

python3 -m venv "$scratch/clean"
"$scratch/clean/bin/pip" install --quiet --disable-pip-version-check --no-index "${wheels[0]}"
pgcanon=$scratch/clean/bin/pgcanon
cd "$scratch"
version=$("$pgcanon" --version)
wanted="pgcanon $(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)"
[ "$version" = "$wanted" ] || { echo "wheel: it says $version, not $wanted" >&2; exit 1; }

status=0
"$pgcanon" diff "$root/canonical/schema.sql" "$root/canonical/live.sql" >drift.txt || status=$?
if [ "$status" != 1 ] || ! grep -q '^DRIFT: 11 drifts' drift.txt; then
  tail -n 5 drift.txt >&2
  echo "wheel: the worked example comes out otherwise (exit code $status)" >&2
  exit 1
fi
cd "$root"
echo "wheel: $version finds the drift of the worked example"
ls -l "${wheels[0]}"
