"""Two real traces judged end to end; their totals against a few lines that share nothing with the program.

The tables are read as text, the price of DESIGN is written out once more, and every job is priced at home (built)
and at each other site (idle servers), network added. Needs $HINTERLAND_DATA; skips without it, and says so.
"""
import csv, gzip, json, os, subprocess, sys

program, data = sys.argv[1], os.environ.get("HINTERLAND_DATA")
if not data:
    print("skipped: HINTERLAND_DATA is not set, so the real traces are not here")
    sys.exit(1 if os.environ.get("HINTERLAND_NO_SKIP") else 77)


def table(name):
    with open(f"data/atlas/china/{name}.csv", encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    return {key: {k: float(v) if v.replace(".", "", 1).isdigit() else v for k, v in row.items()} for key, row in rows.items()}


country, sites, servers, networks = table("atlas")["china"], table("sites"), table("servers"), table("networks")
home = sites["metro-shanghai"]


def annuity_per_hour(price, years, resale, i=country["interest_per_year"]):
    return (price - resale * price * (1 + i) ** -years) * i / (1 - (1 + i) ** -years) / 8760


def built_hour(site, server):
    idle = server["power_idle_kw"] * (1 / site["server_use"] - 1)
    energy = (server["power_busy_kw"] + idle) * site["pue_reported"] * site["power_price_cny_per_kwh"]
    metal = annuity_per_hour(server["price_cny"], server["life_years"], server["resale_share"])
    house = annuity_per_hour(server["power_busy_kw"] * site["building_cny_per_kw"], site["building_life_years"], 0)
    land = server["power_busy_kw"] * site["land_cny_per_m2"] * country["land_m2_per_kw"] * country["interest_per_year"] / 8760
    return energy + (metal + (house + land) / site["rack_fill"]) / site["server_use"]


def idle_hour(site, server):
    return server["power_busy_kw"] * site["pue_reported"] * site["power_price_cny_per_kwh"]


def network(gb_in, gb_out):
    lines = [n["price_cny_per_month"] / (n["bandwidth_gbps"] * 450 * 730 * n["fill"]) for n in networks.values() if n["mode"] != "courier"]
    courier = next(n for n in networks.values() if n["mode"] == "courier")
    trips = sum(-(-gb // (1000 * courier["device_tb"])) for gb in (gb_in, gb_out) if gb > 0)
    return min((gb_in + gb_out) * min(lines), trips * courier["price_cny_per_device"])


def expected(server_hours, server, hours_of_class, gb_in, gb_out):
    at_home, away = built_hour(home, server), min(idle_hour(s, server) for k, s in sites.items() if k != "metro-shanghai")
    moved = saved = 0
    for hours in server_hours:
        share = hours / hours_of_class
        gain = hours * (at_home - away) - network(share * gb_in, share * gb_out)
        moved, saved = (moved + 1, saved + gain) if gain > 0 else (moved, saved)
    return moved, saved


def judged(trace, workload):
    run = subprocess.run([program, "judge", trace, "--as", workload, "--from", "shanghai", "--json"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


failed = 0


def compare(name, trace, workload, jobs, server_hours, server, *of_class):
    global failed
    got, (moved, saved) = judged(f"{data}/traces/{trace}", workload), expected(server_hours, server, *of_class)
    checks = {
        "jobs": got["jobs"] == jobs == len(server_hours),
        "jobs = moved + stayed + refused": got["jobs"] == got["moved"] + got["stayed"] + got["refused"],
        "moved": got["moved"] == moved,
        "server-hours": abs(got["server_hours"] - sum(server_hours)) <= 1e-9 * sum(server_hours),
        "saved": abs(got["saved"] - saved) <= 1e-9 * saved,
        "a year": abs(got["saved_per_year"] * got["span_hours"] - saved * 8760) <= 1e-9 * saved * 8760,
    }
    print(f"{name}: {got['moved']} of {got['jobs']} move, {got['saved']:.2f} saved, by hand {saved:.2f}")
    for what, good in checks.items():
        if not good:
            failed += 1
            print(f"  FAILED: {what}")


# One request holds one of the eight GPUs of a server, as the class batch-inference says.
with gzip.open(f"{data}/traces/alibaba_genai2026_image_requests.csv.gz", "rt") as file:
    requests = [float(row["exec_time_seconds"]) / 3600 / 8 for row in csv.DictReader(file)]
compare("image requests", "alibaba_genai2026_image_requests.csv.gz", "batch-inference", 26823, requests, servers["gpu-server"], 1e6 * 0.00797 / 8, 10, 4000)

# A job holds its processors; a server of the class film-render has 64 cores.
with gzip.open(f"{data}/traces/pwa_nasa_ipsc_1993_cln.swf.gz", "rt") as file:
    nasa = [float(row[3]) / 3600 * float(row[4]) / 64 for row in map(str.split, file) if row and not row[0].startswith(";")]
compare("NASA iPSC", "pwa_nasa_ipsc_1993_cln.swf.gz", "film-render", 18239, nasa, servers["cpu-server"], 5_259_600, 220_000, 30_000)

print(f"{2 if not failed else 0} passed, {failed} failed")
sys.exit(1 if failed else 0)
