#!/usr/bin/env bash
# Installs what Castle needs and this machine lacks: npm packages (the pinned Node among them), PostgreSQL and Redis; with
# --extras also what some tests and PDF reports take: the AWS CLI and Chromium; with --packages the npm packages alone.
# Does nothing, quickly, when all is there. Exit 1 with what to install by hand where it cannot; without an extra, Castle
# works, and says what it leaves out.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*"; }
fail() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

have_postgres() {
  command -v postgres >/dev/null && return
  local candidate
  for candidate in /usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres \
    /opt/homebrew/opt/postgresql@*/bin/postgres /usr/local/opt/postgresql@*/bin/postgres; do
    [[ -x $candidate ]] && return
  done
  return 1
}

have_redis() { command -v redis-server >/dev/null; }

as_root() {
  if [[ $(id -u) == 0 ]]; then "$@"; else sudo -n "$@"; fi
}

may_be_root() { [[ $(id -u) == 0 ]] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; }

install_packages() {
  command -v npm >/dev/null || fail "npm is not on the PATH: install Node 20 or newer (Castle brings its own Node 24 along, through npm)"
  # npm writes this file when it has installed everything.
  local done_file=node_modules/.package-lock.json
  [[ -e $done_file && ! package-lock.json -nt $done_file ]] && return
  say "installing npm packages"
  npm ci --loglevel=error --no-audit --no-fund --no-progress >/dev/null ||
    fail "npm ci did not succeed (see above)"
  touch "$done_file"
}

install_servers() {
  local missing=()
  have_postgres || missing+=(postgresql)
  have_redis || missing+=(redis-server)
  [[ ${#missing[@]} == 0 ]] && return
  if ! command -v apt-get >/dev/null || ! may_be_root; then
    explain "${missing[@]}"
  fi
  say "installing ${missing[*]} with apt-get"
  without_starting_anything apt_install "${missing[@]}"
  have_postgres && have_redis || explain "${missing[@]}"
}

have_chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }

# Tests that check what is drawn need a font, too; Debian's Chromium brings none.
install_extras() {
  local missing=()
  command -v aws >/dev/null || missing+=(awscli)
  have_chromium || missing+=(chromium fonts-dejavu-core)
  [[ ${#missing[@]} == 0 ]] && return
  if ! command -v apt-get >/dev/null || ! may_be_root; then
    say "going on without ${missing[*]}: tests that need them are skipped, and reports are not printed as PDF"
    return
  fi
  say "installing ${missing[*]} with apt-get"
  without_starting_anything apt_install "${missing[@]}"
}

apt_install() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q=2 -o Dpkg::Use-Pty=0)
  as_root "${apt[@]}" install --yes --no-install-recommends "$@" >/dev/null 2>&1 && return
  # The package lists may be missing or old.
  as_root "${apt[@]}" update >/dev/null || fail "apt-get update did not succeed"
  as_root "${apt[@]}" install --yes --no-install-recommends "$@" >/dev/null ||
    fail "apt-get could not install $*"
}

# The packages would start servers of their own, and PostgreSQL's create a cluster: Castle starts its own and wants
# neither. What is changed for that is changed back, whatever happens in between.
without_starting_anything() {
  policy=/usr/sbin/policy-rc.d
  cluster=/etc/postgresql-common/createcluster.d/castle.conf
  made_policy=
  trap put_back EXIT
  if [[ ! -e $policy ]]; then
    made_policy=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
  fi
  as_root mkdir -p "${cluster%/*}"
  echo 'create_main_cluster = false' | as_root tee "$cluster" >/dev/null
  "$@"
  put_back
  trap - EXIT
}

put_back() {
  [[ -z $made_policy ]] || as_root rm -f "$policy"
  as_root rm -f "$cluster"
}

explain() {
  local redhat=() mac=() name
  for name in "$@"; do
    case $name in
    postgresql) redhat+=(postgresql-server postgresql-contrib) mac+=(postgresql@17) ;;
    redis-server) redhat+=(redis) mac+=(redis) ;;
    esac
  done
  cat >&2 <<MISSING
setup: missing on this machine: $*
Castle starts servers of its own from these packages; it needs no running service and no container engine. Install them:
  Debian, Ubuntu:   sudo apt-get install $*
  Fedora, Red Hat:  sudo dnf install ${redhat[*]}
  macOS:            brew install ${mac[*]}
and run it again. (As root, or with sudo that asks for no password, \`make\` installs them itself on Debian and Ubuntu.)
MISSING
  exit 1
}

install_packages
if [[ ${1:-} == --packages ]]; then exit 0; fi
install_servers
if [[ ${1:-} == --extras ]]; then install_extras; fi
