#!/bin/sh
# A film of 72 frames, really rendered at three sites that this machine plays, one of which is killed midway; then the same day run
# again by the simulator, and the bill. Leaves pages of each in $1, and what they speak of: the film, its frames and the journal.
set -eu
cd "$(dirname "$0")/.."
pages=$(realpath "$1")
work=$(mktemp -d)
rm -rf "$pages/sea.mp4" "$pages/film" "$pages/day.db" "$pages"/day.db[-.]*
HINTERLAND_BROKER=$work/broker.sock
export HINTERLAND_BROKER
hinterland broker --sites examples/film-sites.toml --journal "$pages/day.db" 2>"$work/broker.log" &
broker=$!
trap 'kill "$broker" 2>/dev/null || true; wait "$broker" 2>/dev/null || true; rm -r "$work"' EXIT
trap 'exit 130' INT TERM
for _ in $(seq 100); do
  if hinterland pools >/dev/null 2>&1; then break; fi
  sleep 0.1
done

hinterland render examples/sea.pov --frames 1-72 --size 480x270 --chunk 4 --yes --project film --into "$pages/film" --name sea \
  --film "$pages/sea.mp4" --report "$pages/render.html" >"$work/said" 2>"$work/progress" &
render=$!
frames_here() { find "$pages/film" -name 'sea.[0-9]*.png' 2>/dev/null | wc -l; }
running_there() {
  for attempt in "$pages/day.db.d/pools/zhongwei"/[0-9]*; do
    if [ -s "$attempt/lock" ] && [ ! -e "$attempt/ended" ]; then cat "$attempt/lock"; fi
  done
}
while kill -0 "$render" 2>/dev/null && { [ "$(frames_here)" -lt 24 ] || [ -z "$(running_there)" ]; }; do sleep 0.05; done
echo "$(frames_here) of 72 frames are here. Now zhongwei goes away, with what runs there:"
echo
for process in $(running_there); do kill -KILL "$process" 2>/dev/null || true; done
hinterland drain zhongwei --down
hinterland pools
echo
wait "$render" || { cat "$work/said" "$work/progress"; exit 1; }
cat "$work/said"
echo
echo "The bill:"
echo
kill "$broker"
wait "$broker" 2>/dev/null || true
hinterland settle --journal "$pages/day.db" --party film --report "$pages/bill.html" 2>/dev/null
echo
echo "The same day run again by the simulator: how wrong is it, and what would others have paid?"
echo
hinterland replay "$pages/day.db" --report "$pages/day.html" 2>/dev/null
