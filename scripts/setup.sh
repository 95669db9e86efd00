#!/usr/bin/env bash
# Installs what building, testing or linting needs and this machine lacks.
#
#   scripts/setup.sh build|test|lint
#
# On Debian and Ubuntu through apt, as root or with sudo. Elsewhere, or without permission, it
# says what to install. When everything is there it does nothing and says nothing.
set -euo pipefail
# A pattern without a match is no file, rather than a file of that name.
shopt -s nullglob

purpose=${1:?usage: scripts/setup.sh build|test|lint}
root=$(cd "$(dirname "$0")/.." && pwd)
packages=()
reasons=()

need() {                        # need REASON PACKAGE...
  reasons+=("$1")
  packages+=("${@:2}")
}

have() { command -v "$1" >/dev/null; }

any() { [ $# -gt 0 ]; }         # any PATTERN: does it match a file?

have_libclang() {
  [ -z "${LIBCLANG_PATH:-}" ] || return 0
  # Both are needed: the library, and the compiler's own headers (stddef.h).
  any /usr/lib/llvm*/lib/libclang*.so* /usr/lib*/libclang*.so* /usr/lib/*/libclang*.so* &&
    any /usr/lib/llvm*/lib/clang/*/include/stddef.h /usr/lib*/clang/*/include/stddef.h
}

have_postgres() {
  [ -z "${PGCANON_TEST_PG:-}" ] || return 0
  [ ! -s "$root/.pg/servers.txt" ] || return 0
  local bins=(/usr/lib/postgresql/*/bin) bin
  if have pg_config; then bins+=("$(pg_config --bindir)"); fi
  for bin in "${bins[@]}"; do
    if [ -x "$bin/postgres" ] && [ -x "$bin/initdb" ] && [ -x "$bin/psql" ] &&
       [ -x "$bin/pg_dump" ]; then
      return 0
    fi
  done
  return 1
}

check_rust() {
  if ! have cargo; then
    echo "setup: there is no Rust toolchain: install one from https://rustup.rs" >&2
    exit 1
  fi
  [ "$purpose" = lint ] || return 0
  local component
  for component in fmt clippy; do
    if cargo "$component" --version >/dev/null 2>&1; then continue; fi
    if ! have rustup; then
      echo "setup: cargo $component is missing: install rustfmt and clippy" >&2
      exit 1
    fi
    echo "setup: adding cargo $component to the Rust toolchain"
    rustup component add "${component/fmt/rustfmt}"
  done
}

install() {
  echo "setup: missing: $(IFS=';'; echo "${reasons[*]}" | sed 's/;/; /g')"
  local command="apt-get install ${packages[*]}" as_root=()
  if ! have apt-get; then
    echo "setup: there is no apt-get here; install what Debian calls: ${packages[*]}" >&2
    exit 1
  fi
  if [ "$(id -u)" != 0 ]; then
    # Without a terminal nobody could type the password.
    if have sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
      as_root=(sudo)
    else
      echo "setup: neither root nor sudo; as root, run: $command" >&2
      exit 1
    fi
  fi
  echo "setup: installing ${packages[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive bash -euc '
    # The server package would make a cluster and start it; tests start their own.
    # The folder is read by Debian from the first installation on.
    no_cluster=/etc/postgresql-common/createcluster.d/pgcanon.conf
    remove() { rm -f "$no_cluster"; rmdir -p "$(dirname "$no_cluster")" 2>/dev/null || true; }
    trap remove EXIT
    mkdir -p "$(dirname "$no_cluster")"
    echo "create_main_cluster = false" >"$no_cluster"
    apt-get -qq update
    apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install "$@"
  ' install "${packages[@]}" >"$log" 2>&1 || {
    cat "$log" >&2
    echo "setup: apt-get failed (above); the command was: $command" >&2
    exit 1
  }
  echo "setup: done"
}

case $purpose in
  build | test | lint) ;;
  *) echo "setup: unknown purpose $purpose: build, test or lint" >&2; exit 2 ;;
esac
check_rust
have cc || need "a C compiler (pg_query holds PostgreSQL's parser)" gcc libc6-dev
have make || need "make" make
have_libclang || need "libclang (pg_query's build reads its C headers)" libclang-dev
[ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/pki/tls/certs/ca-bundle.crt ] ||
  [ "$(uname)" = Darwin ] || need "certificates (cargo downloads crates)" ca-certificates
if [ "$purpose" = test ]; then
  have_postgres || need "a PostgreSQL server with clients" postgresql postgresql-contrib
fi
[ ${#packages[@]} -gt 0 ] || exit 0

log=$(mktemp)
trap 'rm -f "$log"' EXIT
install
