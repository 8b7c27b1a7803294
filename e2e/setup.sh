#!/usr/bin/env bash
# Installs the programs and npm packages that the tests need.
#
#   e2e/setup.sh packages   Node and the npm packages of package-lock.json
#   e2e/setup.sh            these, and Firefox and Chromium
#   e2e/setup.sh lighthouse these, and the packages of Lighthouse
#   e2e/setup.sh bench      these, and the libraries that bench compares with
#   e2e/setup.sh soak       these, and coturn and iptables
#
# It installs missing packages with apt-get as root on Debian or a derivative.
# Elsewhere it names them and fails.
set -euo pipefail
cd "$(dirname "$0")"

node_needed=20 # major version

main() {
  local commands=(node npm)
  [[ ${1-} == packages ]] || commands+=(firefox-esr chromium dbus-daemon ip)
  [[ ${1-} != soak ]] || commands+=(turnserver iptables)
  install_missing "${commands[@]}"
  check_node
  install_packages .
  [[ ${1-} != lighthouse ]] || install_packages lighthouse
  [[ ${1-} != bench ]] || install_packages ../bench
}

# Prints the Debian package of a command.
package_of() {
  case $1 in
    node) echo nodejs ;;
    ip) echo iproute2 ;;
    turnserver) echo coturn ;;
    *) echo "$1" ;;
  esac
}

install_missing() {
  local command packages=()
  for command in "$@"; do
    command -v "$command" >/dev/null || packages+=("$(package_of "$command")")
  done
  ((${#packages[@]})) || return 0
  if ! command -v apt-get >/dev/null || ((EUID != 0)); then
    fail "The tests need these Debian packages, or the same by another way: ${packages[*]}." \
      "They can only be installed from here by root with apt-get."
  fi
  echo "Installing with apt-get: ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  local said
  if ! said=$({ apt-get update && apt-get install -y "${packages[@]}"; } 2>&1); then
    fail "$said" "apt-get could not install: ${packages[*]}."
  fi
}

check_node() {
  local version
  version=$(node --version)
  version=${version#v}
  ((${version%%.*} >= node_needed)) || fail "The tests need Node $node_needed or newer and this is Node $version; see https://nodejs.org."
}

# Installs the npm packages of a folder. npm ci always starts from nothing, so this
# skips it if the packages of the lock file are installed.
install_packages() { # into a folder, from this one
  local lock=$1/package-lock.json; lock=${lock#./}
  local installed=$1/node_modules/installed-lock.json
  cmp -s "$lock" "$installed" && return
  echo "Installing the npm packages of e2e/$lock."
  npm --prefix "$1" ci --silent --no-fund --no-audit || fail "npm could not install the packages of e2e/$lock."
  cp "$lock" "$installed"
}

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

main "$@"
