#!/bin/sh
# The main job on this machine: a year simulated, nine kinds of work judged from Shanghai, then a whole trace of requests.
# With HINTERLAND_DATA naming a folder of real traces it judges those too.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

# A verdict that says no (stay, refused) is an answer, not a failure.
judge() {
  hinterland judge "$@" || [ $? -eq 1 ]
}

echo "A year of three kinds of work from Shanghai, with servers that stand idle in the west, simulated job by job:"
echo
hinterland simulate examples/image-year.toml --draws 10
echo
echo "Should this work leave Shanghai? One sentence each:"
echo
for file in data/workloads/*.toml; do
  printf '  %-17s ' "$(basename "$file" .toml)"
  judge "$(basename "$file" .toml)" --from shanghai | awk 'NF == 0 {exit} {line = line (NR > 1 ? " " : "") $0} END {print line}'
done

echo
echo "One of them in full, against Gui'an:"
echo
judge film-render --from shanghai --to guian

echo
echo "Where should servers go? A week of demand over ten clusters and eight metros, with a bound that anyone can work out anew:"
echo
hinterland plan examples/edwc.toml --set days=7 2>/dev/null | awk '/^Sites;/ {exit} {print}'

echo
echo "A trace: 20,000 image requests, sampled from a model of a real service (data/models/image-requests-2024.toml):"
echo
hinterland trace generate image-requests-2024 --jobs 20000 --seed 1 --out "$work/requests.csv"
(cd "$work" && judge requests.csv --as batch-inference --from shanghai)

if [ -n "${HINTERLAND_DATA:-}" ]; then
  for pair in alibaba_genai2026_image_requests.csv.gz:batch-inference pwa_nasa_ipsc_1993_cln.swf.gz:film-render \
    alibaba_gpu2023_openb_pod_list_default.csv.gz:model-training cerit_wagap_2013.txt.gz:film-render; do
    echo
    (cd "$HINTERLAND_DATA/traces" && judge "${pair%%:*}" --as "${pair##*:}" --from shanghai --skip-bad-lines)
  done
fi

echo
echo "Real work, placed by the same prices on three sites that this machine plays, one of which goes away:"
echo
sh examples/broker-demo.sh

cat <<'END'

Read next:
  README.md, then docs/judge.md       what each line means, and the formula
  hinterland atlas show sites guian   the figures behind a site, and who vouches for them
  docs/workloads.md, docs/traces.md   your own work; docs/atlas.md: your own invoices
  docs/broker.md                      a broker of your own; `hinterland fields job`
  docs/plan.md                        what to keep, fill and build where; `hinterland fields study`
END
