#!/bin/sh
# Bundles the report page's script into a C++ source: web/build.sh OUTPUT.cpp
# The packages of package-lock.json are installed once, into web/node_modules, and again only when the lock changes.
set -eu

output=$1
cd "$(dirname "$0")"

fail() {
  echo "web/build.sh: $*" >&2
  exit 3
}

command -v node >/dev/null && command -v npm >/dev/null || fail "needs node and npm; run tools/setup.sh core"
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 18 ] || fail "needs Node 18 or newer; this is $(node --version)"

# Two builds at once (release and asan, say) must not install into one folder at once.
exec 9>.install-lock
flock 9
if ! cmp -s package-lock.json node_modules/.installed-lock; then
  npm ci --no-progress --loglevel=error >&2 ||
    fail "npm could not install what web/package-lock.json names (above: why). It needs the npm registry once;" \
      "is there a network, or is npm told of a mirror?"
  cp package-lock.json node_modules/.installed-lock
fi
flock -u 9

node bundle.js "$output"
