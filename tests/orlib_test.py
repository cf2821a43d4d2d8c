#!/usr/bin/python3
"""OR-Library's warehouses and medians to proven optimality: the published optima, and what is open costs that much.

Optima: Beasley 1990 (J. Operational Research Society 41, 1069), as OR-Library lists them. What the program says is open
is priced once more here, from the file alone: medians wholly, warehouses without their capacities, which can only be
less. Needs the instances beside $HINTERLAND_DATA; skips without them, and says so.
"""
import json, os, pathlib, subprocess, sys

program, data = sys.argv[1], os.environ.get("HINTERLAND_DATA")
folder = pathlib.Path(data or "/nowhere").parent / "checks" / "orlib"
if not folder.is_dir():
    print("skipped: OR-Library's instances are not beside $HINTERLAND_DATA")
    sys.exit(1 if os.environ.get("HINTERLAND_NO_SKIP") else 77)

OPTIMA = {
    "cap41": 1040444.375, "cap42": 1098000.450, "cap43": 1153000.450, "cap44": 1235500.450, "cap51": 1025208.225,
    "cap61": 932615.750, "cap62": 977799.400, "cap63": 1014062.050, "cap64": 1045650.250, "cap71": 932615.750,
    "cap72": 977799.400, "cap73": 1010641.450, "cap74": 1034976.975, "cap81": 838499.288, "cap82": 910889.563,
    "cap83": 975889.563, "cap84": 1069369.525, "cap91": 796648.438, "cap92": 855733.500, "cap93": 896617.538,
    "cap94": 946051.325, "pmed1": 5819, "pmed2": 4093, "pmed3": 4250, "pmed4": 3034, "pmed5": 1355,
}


def medians_cost(numbers, opened):
    nodes, edges = int(numbers[0]), int(numbers[1])
    length = [[float("inf")] * nodes for _ in range(nodes)]
    for k in range(edges):
        a, b, c = numbers[3 + 3 * k : 6 + 3 * k]
        length[int(a) - 1][int(b) - 1] = length[int(b) - 1][int(a) - 1] = c
    nearest = [float("inf")] * nodes
    for site in opened:  # Dijkstra from each, plainly
        far = [float("inf")] * nodes
        far[site - 1] = 0
        left = set(range(nodes))
        while left:
            at = min(left, key=lambda node: far[node])
            left.remove(at)
            for to in range(nodes):
                far[to] = min(far[to], far[at] + length[at][to])
        nearest = [min(a, b) for a, b in zip(nearest, far)]
    return sum(nearest)


def warehouses_least(numbers, opened):
    """What the open sites cost at least: capacities left out."""
    sites, customers = int(numbers[0]), int(numbers[1])
    fixed = [numbers[3 + 2 * j] for j in range(sites)]
    at = 2 + 2 * sites
    total = sum(fixed[j - 1] for j in opened)
    for _ in range(customers):
        total += min(numbers[at + j] for j in opened)
        at += 1 + sites
    return total


failed = 0
for name, optimum in OPTIMA.items():
    out = subprocess.run([program, "plan", "--orlib", folder / f"{name}.txt", "--json"], capture_output=True, text=True)
    problems = []
    if out.returncode != 0:
        problems.append(out.stderr.strip())
    else:
        said = json.loads(out.stdout)
        numbers = [float(word) for word in (folder / f"{name}.txt").read_text().split()]
        close = lambda value, wanted: abs(value - wanted) <= 1e-6 * wanted
        if not close(said["objective"], optimum):
            problems.append(f"objective {said['objective']}, optimum {optimum}")
        if not close(said["bound"], optimum) or said["gap"] > 1e-6:
            problems.append(f"bound {said['bound']}, gap {said['gap']}: not proven")
        if name.startswith("pmed"):
            if not close(medians_cost(numbers, said["open"]), optimum):
                problems.append(f"what is open costs {medians_cost(numbers, said['open'])}")
        elif warehouses_least(numbers, said["open"]) > optimum * (1 + 1e-6):
            problems.append("what is open costs more than the optimum even without capacities")
    for problem in problems:
        print(f"{name}: {problem}")
    failed += bool(problems)
print(f"{len(OPTIMA) - failed} passed, {failed} failed")
sys.exit(failed > 0)
