"""What `assess` says, worked out again from the tables alone; shares no code with the program.

    plan         of 300 MW at Gui'an: the regional coefficients, multipliers with and without households, what is bought there, other uses
    inequality   of two years, and by groups of one's own: Gini, Theil T and L, and what they are between groups and within them
    chain        what `assess plan` and `assess talent` print for another verb is run as it stands, and does there what it should

Usage: assess_recomputed_test.py PROGRAM
"""

import csv
import gzip
import json
import math
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ATLAS = Path("data/atlas/china")
SAME = 1e-9

data = os.environ.get("HINTERLAND_DATA")
if not data:
    print("skipped: HINTERLAND_DATA is not set")
    sys.exit(1 if os.environ.get("HINTERLAND_NO_SKIP") else 77)


def run(*words):
    return subprocess.run([sys.argv[1], *map(str, words)], check=True, capture_output=True, text=True).stdout


def rows(table):
    with open(ATLAS / f"{table}.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def solve(matrix, right):
    """x of matrix x = right, by elimination with the largest pivot."""
    work = [[*row, value] for row, value in zip(matrix, right)]
    for k in range(len(work)):
        pivot = max(range(k, len(work)), key=lambda i: abs(work[i][k]))
        work[k], work[pivot] = work[pivot], work[k]
        for i in range(k + 1, len(work)):
            factor = work[i][k] / work[k][k]
            work[i] = [a - factor * b for a, b in zip(work[i], work[k])]
    found = [0.0] * len(work)
    for k in reversed(range(len(work))):
        found[k] = (work[k][-1] - sum(work[k][j] * found[j] for j in range(k + 1, len(work)))) / work[k][k]
    return found


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


class Nation:
    """The table of 42 industries in yuan, and who works in them."""

    def __init__(self):
        with gzip.open(Path(data) / "regional/china_io_2020_42_1e4cny.csv.gz", "rt", encoding="utf-8") as file:
            header, *table = list(csv.reader(file))
        at = {name: i for i, name in enumerate(header)}
        self.codes = codes = [name for name in header if name.isdigit()]
        money = lambda row, name: 1e4 * float(row[at[name]] or 0)
        home, abroad = ([row for row in table if row[2] == origin] for origin in ("Domestic", "Imports"))
        totals = {row[0]: row for row in table if row[2] == "TOT"}
        self.output = [money(row, "GO") for row in home]
        self.inputs = [[money(row, code) / self.output[j] for j, code in enumerate(codes)] for row in home]
        parts = {name: [money(totals[name], code) for code in codes] for name in ("VA001", "VA002", "VA003", "VA004")}
        self.added = [sum(part[i] for part in parts.values()) / self.output[i] for i in range(len(codes))]
        self.pay = [part / x for part, x in zip(parts["VA001"], self.output)]
        self.wear = [part / x for part, x in zip(parts["VA003"], self.output)]
        bought = sum(money(row, "TC") for row in home + abroad)
        self.consumed = [money(row, "TC") / bought for row in home]
        of_both = lambda a, b: a / (a + b) if a + b else 0
        self.home_capital = [of_both(money(a, "FU201"), money(b, "FU201")) for a, b in zip(home, abroad)]
        self.home_input = [of_both(sum(money(a, c) for c in codes), sum(money(b, c) for c in codes)) for a, b in zip(home, abroad)]
        self.industry = {row["id"]: row for row in rows("industries")}
        section = [self.industry[code]["section"] for code in codes]
        people = {row["section"]: 1e4 * float(row["employed_1e4"]) for row in rows("employment") if row["year"] == "2018"}
        self.jobs = [people[s] * parts["VA001"][i] / sum(p for p, other in zip(parts["VA001"], section) if other == s) / self.output[i]
                     for i, s in enumerate(section)]


class Region:
    """A province by Flegg's quotients."""

    def __init__(self, nation, name, delta, spend):
        self.nation = nation
        size = {row["region"]: float(row["gdp_1e8_cny"]) for row in rows("accounts") if row["year"] == "2020"}
        mix = rows("industry_mix")

        def quotient(region, code):
            of_region = [row for row in mix if region in row["regions"].split(";")]
            own = [row for row in of_region if code in row["industries"].split(";")] or [row for row in of_region if not row["industries"]]
            return float(own[0]["location_quotient"])

        output = []
        for i, code in enumerate(nation.codes):
            all_of_it = sum(size[region] * quotient(region, code) for region in size)
            output.append(nation.output[i] * size[name] * quotient(name, code) / all_of_it)
        share = sum(output) / sum(nation.output)
        slq = [a / b / share for a, b in zip(output, nation.output)]
        weight = math.log2(1 + share) ** delta
        self.local = [min(1, q * weight) for q in slq]
        n = len(slq)
        local = [[nation.inputs[i][j] * min(1, (slq[i] if i == j else slq[i] / slq[j]) * weight) for j in range(n)] for i in range(n)]
        self.open = [[(i == j) - local[i][j] for j in range(n)] for i in range(n)]
        self.closed = [[*row, -spend * nation.consumed[i] * self.local[i]] for i, row in enumerate(self.open)] + [[*(-p for p in nation.pay), 1]]

    def effect(self, per_output, demand, pay=0.0):
        """Direct, indirect and induced."""
        with_suppliers, with_households = solve(self.open, demand), solve(self.closed, [*demand, pay])[:-1]
        direct, both, all_three = (dot(per_output, output) for output in (demand, with_suppliers, with_households))
        return direct, both - direct, all_three - both

    def demand(self, spending, money, home, research):
        weights, out = sum(float(row["weight"]) for row in spending), [0.0] * len(self.local)
        for row in spending:
            i = self.nation.codes.index(row["industry"])
            leak = research if self.nation.industry[row["industry"]]["role"] == "research" else 0
            out[i] += money * float(row["weight"]) / weights * home[i] * self.local[i] * (1 - leak)
        return out


def chain(problems):
    """What `assess plan` prints at its end is run as it stands, and moves Guizhou by what the plan makes there."""
    page = run("assess", "plan", "--mw", "guian=300", "--draws", "50")
    flags = re.findall(r"(--change) (guizhou=\S+)", page)
    if len(flags) != 1:
        problems.append(f"{len(flags)} changes are printed for one region")
        return
    said = json.loads(run("assess", "inequality", "--groups", "two", *flags[0], "--json"))["changed"]
    amounts = [float(one) for one in flags[0][1].split("=")[1].split(",")]
    change = said["changes"][0]
    if [change["low"], change["central"], change["high"]] != amounts or not 0 < amounts[0] <= amounts[1] <= amounts[2]:
        problems.append(f"{flags[0][1]} was read as {change}")
    # Guizhou is poor: what comes there lowers inequality, more of it more.
    if not said["high"]["theil_t"] < said["central"]["theil_t"] < said["low"]["theil_t"]:
        problems.append(f"Theil T of {flags[0][1]}: {[said[end]['theil_t'] for end in ('low', 'central', 'high')]}")


def talent_chain(problems):
    """What `assess talent` says to a plan: a demand that comes as halls are staffed, and a limit of a year's halls."""
    page = run("assess", "talent", "guian")
    ramp, *limit = re.findall(r"--set\s+(\w[\w.]*=\S+)", page[page.index("What it says to a plan"):]) or [""]
    if not ramp.startswith("filled_from=") or [one.split("=")[0] for one in limit] != [f"limits.talent.{key}" for key in ("of", "sites", "most_mw_per_year")]:
        problems.append(f"it says to a plan: {ramp} {limit}")
        return
    mean = json.loads(run("assess", "talent", "guian", "--json"))["plan"]["mean_fill"]["median"]

    def plan(*settings):
        return json.loads(run("plan", "examples/edwc.toml", "--json", *(word for one in ("days=2", *settings) for word in ("--set", one))))

    def bought_mw(result):
        return sum(site["filled_kw"] + site["new_kw"] for site in result["sites"] if site["id"] == "guian") / 1e3

    # Hours of a day differ and there are two days, so the mean of the ramp is that of the fill to 1 % only.
    whole, filling = plan(), plan(ramp)
    share = filling["demand_kwh"] / whole["demand_kwh"]
    if not mean > 0.5 or abs(share - mean) > 0.01 or filling["objective"] >= whole["objective"]:
        problems.append(f"{ramp} makes {share} of the demand, and the mean fill is {mean}; it costs {filling['objective']} of {whole['objective']}")
    # So much demand, and racks for it at Gui'an, that more would be bought there than can be staffed.
    more = ("demand_mw=9000", "sites.guian.empty_racks_mw=600")
    free, held = plan(*more), plan(*more, *limit)
    most = float(limit[-1].split("=")[1])
    if not bought_mw(free) > 1.5 * most or not 0.99 * most < bought_mw(held) <= most * (1 + SAME) or held["bound"] <= free["objective"]:
        problems.append(f"{limit}: {bought_mw(held)} MW are bought for {held['objective']}, without it {bought_mw(free)} for {free['objective']}")


def unequal(places):
    """Gini, Theil T and L of (people, money)."""
    people, money = (sum(part) for part in zip(*places))
    shares = [(n / people, m / money) for n, m in places]
    gini = sum(abs(m * k - j * n) for n, m in shares for k, j in shares) / 2  # |x - y| of people of both, over twice the mean
    return gini, sum(m * math.log(m / n) for n, m in shares), sum(n * math.log(n / m) for n, m in shares)


def inequality(hold, problems):
    """Two years of 31 regions, by the groups of the atlas and by a file of one's own."""
    accounts = {(row["year"], row["region"]): (1e4 * float(row["population_1e4"]), 1e8 * float(row["gdp_1e8_cny"])) for row in rows("accounts")}
    regions = [row["id"] for row in rows("regions")]
    own = {"m-third": regions[::3], "m-others": [one for i, one in enumerate(regions) if i % 3]}
    atlas = {row["id"]: row["regions"].split(";") for row in rows("groups") if row["grouping"] == "two"}
    with tempfile.TemporaryDirectory() as books:
        with open(Path(books) / "groups.csv", "w", encoding="utf-8") as file:
            file.write("id,grouping,name,name_zh,regions\n" + "".join(f"{id},mine,Mine {id},我,{';'.join(of)}\n" for id, of in own.items()))
        said = {"two": (atlas, run("assess", "inequality", "--groups", "two", "--json")),
                "mine": (own, run("assess", "inequality", "--groups", "mine", "--books", books, "--json"))}
    for grouping, (groups, text) in said.items():
        years = {year["year"]: year for year in json.loads(text)["years"]}
        for number in (2005, 2024):
            year, name = years[number], f"{grouping} in {number}"
            of = lambda ids: [accounts[str(number), one] for one in ids]
            all_of_it = of(regions)
            people, money = (sum(part) for part in zip(*all_of_it))
            for key, value in zip(("gini", "theil_t", "theil_l"), unequal(all_of_it)):
                hold(f"{key}, {name}", value, year[key])
            if [group["id"] for group in year["groups"]] != list(groups):
                problems.append(f"{name}: groups {[group['id'] for group in year['groups']]}, not {list(groups)}")
                continue
            sums = [[sum(part) for part in zip(*of(ids))] for ids in groups.values()]
            inside = [unequal(of(ids)) for ids in groups.values()]
            for group, (heads, gdp), (_, t, _) in zip(year["groups"], sums, inside):
                hold(f"people of {group['id']}, {name}", heads / people, group["weight_share"])
                hold(f"GDP of {group['id']}, {name}", gdp / money, group["total_share"])
                hold(f"theil_t of {group['id']}, {name}", t, group["theil_t"])
            _, between_t, between_l = unequal(sums)
            hold(f"between_t, {name}", between_t, year["between_t"])
            hold(f"between_l, {name}", between_l, year["between_l"])
            hold(f"within_t, {name}", sum(gdp / money * t for (_, gdp), (_, t, _) in zip(sums, inside)), year["within_t"])
            hold(f"within_l, {name}", sum(heads / people * l for (heads, _), (_, _, l) in zip(sums, inside)), year["within_l"])
            for one in "tl":
                hold(f"between and within, {one}, {name}", year[f"theil_{one}"], year[f"between_{one}"] + year[f"within_{one}"])


def main():
    said = json.loads(run("assess", "plan", "--mw", "guian=300", "--draws", "0", "--json"))

    def value(*path):
        node = said["all"]
        for name in path:
            node = node[name]
        return node["value"]

    economy, staffing = rows("regional_economy")[0], rows("staffing")[0]
    nation = Nation()
    region = Region(nation, "guizhou", float(economy["flegg_delta"]), float(economy["households_spend"]))
    research = float(staffing["research_leakage"])
    spending = rows("spending")
    on = lambda what: [row for row in spending if row["on"] == what]
    problems, compared = [], set()

    def hold(what, here, there):
        compared.add(what)
        if abs(here - there) > SAME * max(1, abs(here)):
            problems.append(f"{what}: {here} here, {there} there")

    kinds = ("direct", "indirect", "induced")
    built = region.demand(on("building"), value("building"), nation.home_capital, research)
    for kind, jobs in zip(kinds, region.effect(nation.jobs, built)):
        hold(f"building, {kind}", jobs, value("building_person_years", kind))
    servers = region.demand(on("servers"), value("servers"), nation.home_capital, research)
    hold("equipping", sum(region.effect(nation.jobs, servers)), value("equipping_person_years"))
    bought = region.demand(on("upkeep"), value("upkeep", "all"), nation.home_input, research)
    hold("upkeep bought there", sum(bought), value("upkeep", "here"))
    power = next(i for i, code in enumerate(nation.codes) if nation.industry[code]["role"] == "power")
    of_power = value("power", "all") * nation.home_input[power] * region.local[power]
    hold("power bought there", of_power, value("power", "here"))
    bought[power] += of_power
    staff = 300 * float(staffing["staff_per_mw"])
    pay = staff * float(staffing["pay_cny_per_year"])
    hold("staff", staff, value("permanent_jobs", "direct"))
    hold("pay there", pay * (1 - float(staffing["staff_leakage"])), value("pay", "here"))
    for name, per_output, suppliers, induced in (("jobs", nation.jobs, value("permanent_jobs", "indirect"), value("permanent_jobs", "induced")),
                                                 ("value added", nation.added, value("suppliers_value_added"), value("induced_value_added"))):
        direct, indirect, by_pay = region.effect(per_output, bought, value("pay", "here"))
        hold(f"{name} at suppliers", direct + indirect, suppliers)
        hold(f"{name} by pay", by_pay, induced)
    for use in said["other_uses"]:
        of_it = [row for row in spending if row["use"] == use["name"]]
        output = [0.0] * len(nation.codes)
        for row in of_it:
            i = nation.codes.index(row["industry"])
            money = value("investment") * float(row["weight"]) / sum(float(other["weight"]) for other in of_it)
            output[i] += money / (nation.wear[i] * float(economy["capital_life_years"]))
        for kind, jobs in zip(kinds, region.effect(nation.jobs, output)):
            hold(f"{use['name']}, {kind}", jobs, use["permanent_jobs"][kind]["value"])
    inequality(hold, problems)
    chain(problems)
    talent_chain(problems)
    for problem in problems:
        print(problem)
    print(f"{len(compared)} figures recomputed; {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
