"""For robust_test.py: inputs that can be cut off, each with a command that reads it, and commands that write files."""

import gzip

import small_world

LINES = 200  # of each real trace
SITES = "metro-beijing;metro-shanghai;guian;zhongwei;horinger"
RATES = ("rates", "zhongwei", "--json")

SCENARIO = """name = "Small"
[work.images]
class = "batch-inference"
from = "shanghai"
trace = "jobs.swf"
[work.calls]
class = "video-call"
from = "shanghai"
model = "calls.toml"
days = 2
[pools.home]
site = "metro-shanghai"
server = "gpu-server"
servers = 2
[pools.calls]
site = "metro-shanghai"
servers = 2
[pools.west]
site = "guian"
server = "gpu-server"
servers = 2
basis = "sunk"
[faults.one]
kind = "site"
sites = ["guian"]
from = "07-01"
hours = 5
"""
SHADOW = """name = "Placed by scarcity"
policy = "shadow"
scarcity = "scarcity.csv"
trace = "placed.csv"
[pools.a]
site = "guian"
servers = 2
[pools.b]
site = "zhongwei"
servers = 2
"""
CURVES = "id,site,quantity,use,file\nmine,guian,power_price,level,hours.csv\n"
EPW_HEAD = """LOCATION,Somewhere,-,CHN,made,583670,31.4,121.5,8.0,5.5
DESIGN CONDITIONS,0
TYPICAL/EXTREME PERIODS,0
GROUND TEMPERATURES,0
HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0
COMMENTS 1,made
COMMENTS 2,made
DATA PERIODS,1,1,Data,Sunday,1/1,12/31
"""
REAL_TRACES = ("alibaba_genai2026_image_requests.csv.gz", "alibaba_gpu2023_openb_pod_list_default.csv.gz",
               "cerit_wagap_2013.txt.gz", "pwa_nasa_ipsc_1993_cln.swf.gz")


def typical_hours():
    """(month, day, hour, temperature) of a year with a plausible swing."""
    for month, days in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 1):
        for day in range(1, days + 1):
            for hour in range(24):
                yield month, day, hour, 15 + 12 * (1 - abs(month - 7) / 3.5) + 4 * (1 - abs(hour - 14) / 7)


def hours_csv():
    rows = "".join(f"2013,{month},{day},{hour},{warm:.1f},{warm - 6:.1f},66\n"
                   for month, day, hour, warm in typical_hours())
    return ("year,month,day,hour,temp_c,dewpoint_c,rh_pct\n" + rows).encode()


def hours_epw():
    rows = "".join(f"2013,{month},{day},{hour + 1},60,?,{warm:.1f},{warm - 6:.1f},66,101000" + ",0" * 25 + "\n"
                   for month, day, hour, warm in typical_hours())
    return (EPW_HEAD + rows).replace("\n", "\r\n").encode()


def texts(folder, pattern, into=""):
    return {into + path.name: path.read_bytes() for path in sorted(folder.glob(pattern))}


def small_study(repository):
    only = ", ".join(f'"{site}"' for site in SITES.split(";"))
    return {"s.toml": f"days = 1\nonly = [{only}]\n".encode() + (repository / "examples/edwc.toml").read_bytes(),
            **texts(repository / "examples/edwc", "*.toml", "edwc/")}


def small_scenario(repository):
    return {"s.toml": SCENARIO.encode(), "jobs.swf": (repository / "examples/cluster.swf").read_bytes(),
            "calls.toml": (repository / "examples/calls.toml").read_bytes()}


def traces(repository, data):
    sacct = "JobID|User|Submit|Start|ElapsedRaw|TimelimitRaw|AllocCPUS|AllocTRES|ReqMem|State\n" + "".join(
        f"{i}|u{i % 7}|2024-01-{1 + i % 28:02}T08:00:00|2024-01-{1 + i % 28:02}T08:05:00|{60 * i}|120|{1 + i % 16}|"
        f"cpu={1 + i % 16},mem=8G,node=1,gres/gpu=1|8G|COMPLETED\n" for i in range(1, LINES))
    yield "sacct.txt", sacct.encode()
    yield "cluster.swf", (repository / "examples/cluster.swf").read_bytes()
    for name in REAL_TRACES if data else ():
        with gzip.open(data / "traces" / name) as file:
            yield name.removesuffix(".gz"), b"".join(line for line, _ in zip(file, range(LINES)))


def cut_cases(repository, data, answer):
    """(name, files of a folder, the one that is cut, arguments); answer(arguments, files) is what a command prints."""
    examples = repository / "examples"

    def each(name, files, cuts, *arguments):
        return [(f"{name} {cut}", files, cut, arguments) for cut in cuts]

    atlas = texts(repository / "data/atlas/china", "*.csv", "atlas/")
    judge = ("judge", "film-render", "--from", "shanghai", "--draws", "0")
    yield from each("atlas", atlas, atlas, *judge, "--atlas", "atlas")

    judge += ("--to", "guian", "--books", "books")
    books = texts(examples / "books", "*.csv", "books/")
    yield from each("books", books, books, *judge)
    spot = gzip.decompress((examples / "contract/spot.csv.gz").read_bytes())
    curve = {"books/curves.csv": CURVES.encode(), "books/hours.csv": spot}
    yield from each("curve", curve, curve, *judge)
    packed = {"books/curves.csv": CURVES.replace(".csv", ".csv.gz").encode(), "books/hours.csv.gz": gzip.compress(spot)}
    yield from each("curve", packed, ["books/hours.csv.gz"], *judge)

    build = {"w.toml": (examples / "nightly-build.toml").read_bytes()}
    yield from each("workload", build, build, "judge", "w.toml", "--from", "beijing", "--draws", "0")
    film = {"w.toml": (repository / "data/workloads/film-render.toml").read_bytes()}
    yield from each("class", film, film, "fill", "guian", "--class", "w.toml", "--draws", "0")

    scenario, study = small_scenario(repository), small_study(repository)
    yield from each("scenario", scenario, scenario, "simulate", "s.toml")
    placed = "id,arrival_s,duration_s,cores,site\n" + "".join(
        f"{i},{i * 600},{900 + i},{8 + i % 4},{i % 2}\n" for i in range(100))
    shadow = {"s.toml": SHADOW.encode(), "scarcity.csv": ("a,b\n" + "0.25,1.5\n" * 8760).encode(),
              "placed.csv": placed.encode()}
    yield from each("shadow", shadow, shadow, "simulate", "s.toml")
    yield from each("study", study, ["s.toml", "edwc/web.toml"], "plan", "s.toml")
    for path in (examples / "warehouses.txt", examples / "medians.txt"):
        yield from each("orlib", {path.name: path.read_bytes()}, [path.name], "plan", "--orlib", path.name)
    for name, text in texts(repository / "data/models", "*.toml").items():
        yield from each("model", {name: text}, [name], "trace", "generate", name, "--jobs", "20")

    for name, text in traces(repository, data):
        as_class = ("judge", name, "--as", "film-render", "--from", "shanghai")
        yield from each("trace", {name: text}, [name], "trace", "info", name)
        yield from each("judged trace", {name: text}, [name], *as_class)
        yield from each("trace", {name + ".gz": gzip.compress(text)}, [name + ".gz"], "trace", "info", name + ".gz")

    options = ("--hours", "h.csv", "--pressure-hpa", "1013")
    yield from each("hours", {"h.csv": hours_csv()}, ["h.csv"], "weather", "metro-shanghai", *options)
    yield from each("hours", {"h.csv": gzip.compress(hours_csv())}, ["h.csv"], "pue", "metro-shanghai", *options)
    yield from each("hours", {"h.epw": hours_epw()}, ["h.epw"], "pue", "guian", "--hours", "h.epw")

    planned = {**study, "p.json": answer(("plan", "s.toml", "--json"), study)}
    yield from each("result", planned, ["p.json"], "plan", "verify", "p.json")
    table = small_world.io_table(30.0).encode()
    world = {**atlas, "atlas/io.csv": table, "atlas/io_tables.csv": small_world.IO_TABLES.encode()}
    shock = {**world, "c.toml": (examples / "coast-shock.toml").read_bytes()}
    yield from each("shock", shock, ["c.toml", "atlas/io.csv"], "assess", "shock", "c.toml", "--atlas", "atlas", "--draws", "0")
    yield from each("plan's effect", {**world, "p.json": planned["p.json"]}, ["p.json"], "assess", "plan", "p.json", "--server", "cpu-server", "--atlas",
                    "atlas", "--draws", "0")
    simulated = answer(("simulate", "s.toml", "--json"), scenario)
    yield from each("result", {"a.json": simulated, "b.json": simulated}, ["b.json"], "compare", "a.json", "b.json")


def writers(repository, trace):
    """(name, arguments, outputs) of commands that write files; the first five are tried each time."""
    examples = repository / "examples"
    study = (str(examples / "edwc.toml"), "--set", "only=" + SITES, "--set")
    report, generate = ("--report", "r.html"), ("trace", "generate", "nasa-ipsc-1993")
    image_year = ("simulate", str(examples / "image-year.toml"), "--policy", "cheapest", "greenest")
    return [
        ("simulate", (*image_year, "--set", "work.images.days=40", "--journal", "j.csv", *report), ("j.csv", "r.html")),
        ("plan --export", ("plan", *study, "days=4", "--export", "p.mps"), ("p.mps",)),
        ("fill", ("fill", "zhongwei", "--idle", "4", "--draws", "12000", *report), ("r.html",)),
        ("trace generate", (*generate, "--jobs", "300000", "--out", "t.swf"), ("t.swf",)),
        ("rates", ("rates", "guian", "--out", "h.csv", *report), ("h.csv", "r.html")),
        ("simulate --draws", ("simulate", str(examples / "drought.toml"), "--draws", "4", *report), ("r.html",)),
        ("plan", ("plan", *study, "days=30", *report), ("r.html",)),
        ("plan, hedged", ("plan", *study, "days=1", "--set", "hedge=yes", *report), ("r.html",)),
        ("plan compare", ("plan", "compare", *study, "days=1", *report), ("r.html",)),
        ("plan alternatives", ("plan", "alternatives", *study, "days=1", *report), ("r.html",)),
        ("judge", ("judge", "film-render", "--from", "shanghai", "--draws", "12000", *report), ("r.html",)),
        ("judge a trace", ("judge", trace, "--as", "film-render", "--from", "shanghai", *report), ("r.html",)),
        ("trace fit", ("trace", "fit", trace, "--out", "m.toml"), ("m.toml",)),
    ]
