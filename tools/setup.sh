#!/bin/sh
# Installs what is missing of the named sets of tools/packages.txt: tools/setup.sh core test
# Nothing missing: done in a few milliseconds, without root and without a network.
set -eu

list=$(dirname "$0")/packages.txt
if [ $# -eq 0 ]; then
  echo "usage: tools/setup.sh SET...   with SET one of: $(awk '!/^#/ && NF && !seen[$1]++ {printf "%s ", $1}' "$list")" >&2
  exit 2
fi

wanted=""
from_pypi=""
for set in "$@"; do
  packages=$(awk -v set="$set" '$1 == set && $2 !~ /^pypi:/ {print $2}' "$list")
  if [ -z "$packages" ]; then
    echo "tools/setup.sh: no set '$set' in tools/packages.txt" >&2
    exit 2
  fi
  wanted="$wanted $packages"
  from_pypi="$from_pypi $(awk -v set="$set" '$1 == set && sub("^pypi:", "", $2) {print $2 "==" $3}' "$list")"
done

# What Debian does not have, or has too old, comes from PyPI into a Python environment of this repository's own.
environment=$(dirname "$0")/../.venv
install_from_pypi() {
  absent=""
  for pinned in $from_pypi; do
    name=${pinned%%==*}
    [ -n "$(find "$environment" -type d -name "$(echo "$name" | tr - _)-${pinned#*==}.dist-info" 2>/dev/null)" ] || absent="$absent $pinned"
  done
  [ -n "$absent" ] || return 0
  echo "Installing from PyPI:$absent"
  # shellcheck disable=SC2086
  /usr/bin/python3 -m venv "$environment" && "$environment/bin/pip" --quiet install --no-deps $absent || {
    echo "tools/setup.sh: pip could not install:$absent; is there a network?" >&2
    exit 3
  }
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "tools/setup.sh: this is no Debian; going on in the hope that these are here:" $wanted >&2
  install_from_pypi
  exit 0
fi

# shellcheck disable=SC2086  # a list of words on purpose
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | awk '$1 == "installed" {print $2}') || true
# Node may come from elsewhere than Debian, and Debian's packages would then quarrel with it.
command -v node >/dev/null && installed="$installed
nodejs"
command -v npm >/dev/null && installed="$installed
npm"
missing=""
for package in $wanted; do
  case "
$installed
" in
    *"
$package
"*) ;;
    *) missing="$missing $package" ;;
  esac
done
[ -n "$missing" ] || { install_from_pypi; exit 0; }

as_root=""
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "tools/setup.sh: run this as root: apt-get install$missing" >&2
    exit 3
  fi
  as_root="sudo"
fi
echo "Installing:$missing"
$as_root apt-get -q update || { echo "tools/setup.sh: apt-get update failed; is there a network?" >&2; exit 3; }
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $missing || {
  echo "tools/setup.sh: apt-get could not install:$missing" >&2
  exit 3
}
install_from_pypi
