#!/usr/bin/env bash
# Puts target/release/pgcanon into the archive that `cargo binstall` looks for in a release:
# target/archives/pgcanon-VERSION-TARGET.tar.gz. The same program gives the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
target=${1:-$(rustc -vV | sed -n 's/^host: //p')}
program=${2:-target/release/pgcanon}
name=pgcanon-$version-$target

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/$name" target/archives
install -m 755 "$program" "$scratch/$name/pgcanon"
install -m 644 README.md CHANGELOG.md "$scratch/$name"
tar -C "$scratch" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - "$name" |
  gzip -n >"target/archives/$name.tar.gz"
echo "target/archives/$name.tar.gz"
