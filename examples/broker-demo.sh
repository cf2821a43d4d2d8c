#!/bin/sh
# A broker with three sites on this machine: real work, and one site that goes away in the middle of it.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
HINTERLAND_BROKER=$work/broker.sock
export HINTERLAND_BROKER
hinterland broker --sites examples/local-sites.toml --journal "$work/broker.db" 2>"$work/broker.log" &
broker=$!
trap 'kill "$broker" 2>/dev/null; wait "$broker" 2>/dev/null || true; rm -r "$work"' EXIT
for _ in $(seq 100); do
  if hinterland pools >/dev/null 2>&1; then break; fi
  sleep 0.1
done

hinterland submit --name "24 frames" --tasks 24 --output frame.sum -- \
  sh -c 'head -c 40000000 /dev/zero | gzip | sha256sum >frame.sum; sleep 0.5'
sleep 2
hinterland why 0
echo
site=$(hinterland show 0 --json | sed 's/.*"phase":"running","site":"\([a-z]*\)".*/\1/')
echo "Now $site goes away, with all that runs there:"
for attempt in "$work/broker.db.d/pools/$site"/[0-9]*; do
  [ -s "$attempt/lock" ] && [ ! -e "$attempt/ended" ] && kill -KILL "$(cat "$attempt/lock")"
done
hinterland drain "$site" --down
hinterland pools
echo
for _ in $(seq 600); do
  if hinterland jobs --json | grep -q '"state":"done"'; then break; fi
  sleep 0.1
done
hinterland jobs
hinterland jobs --json | grep -q '"state":"done"' || { echo "It was not done within a minute."; exit 1; }
echo
echo "What it cost, and where:"
hinterland cost --by site
