"""Two real traces judged end to end; their totals against a few lines that share nothing with the program but the hours.

The tables are read as text, the price of DESIGN is written out once more, and every job is priced hour by hour at home
(built) and at each other site (idle servers), network added. The hours come from `hinterland rates`. Needs
$HINTERLAND_DATA; skips without it, and says so.
"""
import csv, datetime, gzip, json, os, subprocess, sys, tempfile

program, data = sys.argv[1], os.environ.get("HINTERLAND_DATA")
if not data:
    print("skipped: HINTERLAND_DATA is not set, so the real traces are not here")
    sys.exit(1 if os.environ.get("HINTERLAND_NO_SKIP") else 77)


def table(name):
    with open(f"data/atlas/china/{name}.csv", encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    return {key: {k: float(v) if v.replace(".", "", 1).isdigit() else v for k, v in row.items()} for key, row in rows.items()}


country, sites, servers, networks = table("atlas")["china"], table("sites"), table("servers"), table("networks")


def power_of_it(site):
    """What a kWh of IT costs in each hour of the model year."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "rates", site, "--out", f"{folder}/hours.csv"], check=True, capture_output=True)
        with open(f"{folder}/hours.csv", encoding="utf-8") as file:
            hours = [float(row["pue"]) * float(row["price_cny_per_kwh"]) for row in csv.DictReader(file)]
    assert len(hours) == 8760
    return hours


power = {site: power_of_it(site) for site in sites}
mean = {site: sum(hours) / 8760 for site, hours in power.items()}


def mean_power(site, start, hours):
    """Over the hours of one run, the turn of the year included; over any hour where the start is not known."""
    if start is None:
        return mean[site]
    if hours == 0:
        return power[site][int(start) % 8760]
    at, end, cost = start, start + hours, 0
    while at < end:
        upto = min(int(at) + 1, end)
        cost += (upto - at) * power[site][int(at) % 8760]
        at = upto
    return cost / hours


def annuity_per_hour(price, years, resale, i=country["interest_per_year"]):
    return (price - resale * price * (1 + i) ** -years) * i / (1 - (1 + i) ** -years) / 8760


def capacity(site, server):
    metal = annuity_per_hour(server["price_cny"], server["life_years"], server["resale_share"])
    house = annuity_per_hour(server["power_busy_kw"] * site["building_cny_per_kw"], site["building_life_years"], 0)
    land = server["power_busy_kw"] * site["land_cny_per_m2"] * country["land_m2_per_kw"] * country["interest_per_year"] / 8760
    return (metal + (house + land) / site["rack_fill"]) / site["server_use"]


def network(gb_in, gb_out):
    """(cost, hours) of the cheapest way: the fastest of those that cost the same."""
    ways = []
    for n in networks.values():
        if n["mode"] == "courier":
            loads = [gb for gb in (gb_in, gb_out) if gb > 0]
            trips = sum(-(-gb // (1000 * n["device_tb"])) for gb in loads)
            ways.append((trips * n["price_cny_per_device"], sum(2 * gb / (n["copy_gbps"] * 450) + n["transit_hours"] for gb in loads)))
        else:
            rate = n["price_cny_per_month"] / (n["bandwidth_gbps"] * 450 * 730 * n["fill"])
            ways.append(((gb_in + gb_out) * rate, (gb_in + gb_out) / (n["bandwidth_gbps"] * 450)))
    return min(ways) if gb_in + gb_out > 0 else (0, 0)


def expected(jobs, server, hours_of_class, gb_in, gb_out):
    busy, idle = server["power_busy_kw"], server["power_idle_kw"]
    home = sites["metro-shanghai"]
    built_kw, built = busy + idle * (1 / home["server_use"] - 1), capacity(home, server)
    moved = saved = 0
    for start, run, server_hours in jobs:
        share = server_hours / hours_of_class
        cost, delay = network(share * gb_in, share * gb_out)
        stay = server_hours * (built_kw * mean_power("metro-shanghai", start, run) + built)
        # Its bytes are in before it starts.
        later = None if start is None else start + delay
        go = min(server_hours * busy * mean_power(site, later, run) for site in sites if site != "metro-shanghai") + cost
        moved, saved = (moved + 1, saved + stay - go) if go < stay else (moved, saved)
    return moved, saved


def judged(trace, workload):
    run = subprocess.run([program, "judge", trace, "--as", workload, "--from", "shanghai", "--json"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


failed = 0


def compare(name, trace, workload, count, jobs, server, *of_class):
    global failed
    got, (moved, saved) = judged(f"{data}/traces/{trace}", workload), expected(jobs, server, *of_class)
    server_hours = sum(job[2] for job in jobs)
    checks = {
        "jobs": got["jobs"] == count == len(jobs),
        "jobs = moved + stayed + refused": got["jobs"] == got["moved"] + got["stayed"] + got["refused"],
        "moved": got["moved"] == moved,
        "server-hours": abs(got["server_hours"] - server_hours) <= 1e-9 * server_hours,
        "saved": abs(got["saved"] - saved) <= 1e-9 * saved,
        "a year": abs(got["saved_per_year"] * got["span_hours"] - saved * 8760) <= 1e-9 * saved * 8760,
    }
    print(f"{name}: {got['moved']} of {got['jobs']} move, {got['saved']:.2f} saved, by hand {saved:.2f} and {moved} move")
    for what, good in checks.items():
        if not good:
            failed += 1
            print(f"  FAILED: {what}")


def model_hour(utc):
    """Where an instant falls in the model year on China's clock: 29 February counts as the 28th."""
    local = utc + datetime.timedelta(hours=8)
    day = 28 if (local.month, local.day) == (2, 29) else local.day
    whole = datetime.datetime(2023, local.month, day) - datetime.datetime(2023, 1, 1)
    return whole.days * 24 + local.hour + local.minute / 60 + (local.second + local.microsecond / 1e6) / 3600


# One request holds one of the eight GPUs of a server, as the class batch-inference says.
with gzip.open(f"{data}/traces/alibaba_genai2026_image_requests.csv.gz", "rt") as file:
    requests = [(model_hour(datetime.datetime.fromisoformat(row["gmt_create"])), float(row["exec_time_seconds"]) / 3600,
                 float(row["exec_time_seconds"]) / 3600 / 8) for row in csv.DictReader(file)]
compare("image requests", "alibaba_genai2026_image_requests.csv.gz", "batch-inference", 26823, requests, servers["gpu-server"], 1e6 * 0.00797 / 8, 10, 4000)

# A job holds its processors; a server of the class film-render has 64 cores.
with gzip.open(f"{data}/traces/pwa_nasa_ipsc_1993_cln.swf.gz", "rt") as file:
    lines = file.read().splitlines()
began = next((int(line.split(":")[1]) for line in lines if line.startswith("; UnixStartTime:")), None)
nasa = []
for row in (line.split() for line in lines if line.strip() and not line.startswith(";")):
    start = None if began is None else model_hour(datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=began + int(row[1])))
    nasa.append((start, float(row[3]) / 3600, float(row[3]) / 3600 * float(row[4]) / 64))
compare("NASA iPSC", "pwa_nasa_ipsc_1993_cln.swf.gz", "film-render", 18239, nasa, servers["cpu-server"], 5_259_600, 220_000, 30_000)

print(f"{2 if not failed else 0} passed, {failed} failed")
sys.exit(1 if failed else 0)
