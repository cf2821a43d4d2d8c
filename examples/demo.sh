#!/bin/sh
# The main job on this machine in two minutes: five kinds of work judged, a plan, a year simulated, a film rendered over three sites of
# which one is killed midway, and the same day run again. Leaves report.html, and the film, in build/demo or in the folder $1.
set -eu
cd "$(dirname "$0")/.."
pages=${1:-build/demo}
mkdir -p "$pages"
pages=$(realpath "$pages")

# A verdict that says no (stay, refused) is an answer, not a failure.
judge() {
  hinterland judge "$@" 2>/dev/null || [ $? -eq 1 ]
}
# Up to the first line that begins with $1.
until_line() {
  awk -v stop="$1" 'index($0, stop) == 1 {exit} {print}'
}

echo "1. Should this work leave Shanghai? One sentence each:"
echo
for work in film-render model-training batch-inference log-scan video-call; do
  printf '  %-16s ' "$work"
  judge "$work" --from shanghai --draws 0 | awk 'NF == 0 {exit} {line = line (NR > 1 ? " " : "") $0} END {print line}'
done
echo
echo "The first of them, against Gui'an:"
echo
judge film-render --from shanghai --to guian --report "$pages/judge.html" | until_line "One server-hour"

echo "2. Where should servers go? A week of demand over ten clusters and eight metros, with a bound that anyone can work out anew:"
echo
hinterland plan examples/edwc.toml --set days=7 --report "$pages/plan.html" 2>/dev/null | until_line "Sites;"

echo "3. A year of three kinds of work from Shanghai, job by job, with servers that stand idle in the west:"
echo
hinterland simulate examples/image-year.toml --draws 10 --report "$pages/year.html" 2>/dev/null | until_line "Sites"

echo "4. A film, really rendered at three sites that this machine plays:"
echo
sh examples/film-demo.sh "$pages"

hinterland bind "$pages/judge.html" "$pages/plan.html" "$pages/year.html" "$pages/render.html" "$pages/bill.html" "$pages/day.html" \
  --report "$pages/report.html" --title "From a verdict to a bill" 2>/dev/null
cat <<END

All of it to look at: $pages/report.html; the film: $pages/sea.mp4

Read next:
  README.md, then docs/judge.md       what each line means, and the formula
  hinterland atlas show sites guian   the figures behind a site, and who vouches for them
  docs/workloads.md, docs/traces.md   your own work; docs/atlas.md: your own invoices
  docs/plan.md, docs/simulate.md      what to keep, fill and build where; and what then happens
  docs/broker.md, docs/render.md      a broker and films of your own; docs/replay.md: the day run again
END
