"""More cases of bad_input_test.py: studies of `plan`, results to verify, problems of OR-Library."""

from bad_input_cases import CHINA, case, files, folder_of, good

STUDY = """name = "Small"
server = "cpu-server"
days = 1
unreached = "nearest"
only = ["metro-beijing", "metro-shanghai", "metro-guangzhou", "guian"]
[demand.calls]
class = "video-call"
share = 0.1
critical = "yes"
[demand.films]
class = "film-render"
share = 0.1
"""


def study(name, text, *fragments, arguments=()):
    case("study: " + name, files(a__toml=text), ["plan", "a.toml", *arguments], *fragments)


def changed(old, new):
    assert old in STUDY, old
    return STUDY.replace(old, new)


def table(name, rows, *fragments):
    case("study: " + name, files(a__toml=changed("share = 0.1\ncritical", 'table = "d.csv"\ncritical'), d__csv=rows),
         ["plan", "a.toml"], *fragments)


good("a study", files(a__toml=STUDY), ["plan", "a.toml"])
good("demand from a table", files(a__toml=changed("share = 0.1\ncritical", 'table = "d.csv"\ncritical'),
                                  d__csv="region,mw\nbeijing,5\nshanghai,7.5\n"), ["plan", "a.toml"])
good("the hours of a trace model", files(a__toml=changed("share = 0.1\ncritical", 'share = 0.1\nmodel = "image-requests-2024"\ncritical')),
     ["plan", "a.toml", "--json"])

ALL_SITES = STUDY.replace(STUDY[STUDY.index("only"):STUDY.index("[demand.calls]")], "")


def more_sites(name, table, *fragments):
    """A study in which all sites take part, those in the books too."""
    case("study: " + name, lambda folder: (files(a__toml=ALL_SITES)(folder), folder_of("books", sites=table())(folder)),
         ["plan", "a.toml", "--books", "books"], *fragments)


def copies(count):
    header, first, *_ = (CHINA / "sites.csv").read_text(encoding="utf-8").splitlines()
    rest = first.partition(",")[2]
    return "\n".join([header, *(f"copy-{k},{rest}" for k in range(count))])


more_sites("65 sites", lambda: copies(47), "a.toml: only: 65 sites take part. Name 64 at most: the planner holds no more.")
more_sites("a million sites", lambda: "id,rack_fill\n" + "".join(f"copy-{k},0.5\n" for k in range(1_000_000)),
           "books/sites.csv: 1000001 lines where a table of an atlas has 20000 at most. Keep the rows that matter here.")

case("study: no such file", files(), ["plan", "none.toml"], "none.toml: cannot be opened")
case("plan: nothing to plan", files(), ["plan"], "names no problem, or two")
study("not TOML", "name = ", "a.toml:1")
study("empty", "", "name: a value is required", "server: a value is required")
study("no demand", STUDY[:STUDY.index("[demand")], "demand: no demand")
study("nobody wants anything", STUDY.replace("share = 0.1", "share = 0"), "demand: no region wants anything")
study("less than a watt is wanted", changed("days = 1", "days = 1\ndemand_mw = 1e-8"), "demand: no region wants anything, or all together less than a watt")
study("unknown key", STUDY + "colour = 3\n", "colour: unknown key")
study("unknown site", changed('"guian"]', '"guyan"]'), "only: no site 'guyan'. Did you mean guian?")
study("a million names of sites", changed('"guian"]', ", ".join(f'"site-{k}"' for k in range(1_000_000)) + "]"),
      "a.toml: has more than 1048576 bytes")
study("unknown server", changed('"cpu-server"', '"cpu-servers"'), "server: no server type 'cpu-servers'")
study("unknown class", changed("video-call", "video-cal"), "Did you mean video-call?")
study("class of another server", changed("video-call", "online-inference"), "demand.calls.class: online-inference runs on gpu-server")
study("shares above 1", STUDY.replace("share = 0.1", "share = 0.9"), "demand: shares sum to 1.8")
study("two sizes of a demand", changed("share = 0.1\ncritical", "share = 0.1\nmw = 5\ncritical"), "needs one of share, mw and table")
study("a day of 23 hours", changed('critical = "yes"', "daily = [" + "1, " * 22 + "1]"), "demand.calls.daily: 23 numbers where a day has 24 hours")
study("a day without work", changed('critical = "yes"', "daily = [" + "0, " * 23 + "0]"), "no hour has any demand")
study("negative shape", changed('critical = "yes"', "daily = [-1" + ", 1" * 23 + "]"), "out of range")
study("critical work that waits", changed('class = "film-render"', 'class = "film-render"\ncritical = "yes"'), "work that may wait is never critical")
study("nobody in reach", changed('unreached = "nearest"\n', ""), "demand.calls: no site may serve video-call from tibet, xinjiang")
study("negative availability", STUDY + "[sites.guian]\navailability = -0.5\n", "availability: -0.5 is out of range")
study("site that is none", STUDY + "[sites.guyan]\navailability = 0.5\n", "sites.guyan: no site 'guyan'. Did you mean guian?")
study("NaN", STUDY + "[sites.guian]\nkeep_per_kw_year = nan\n", "keep_per_kw_year")
study("endless", STUDY + "[sites.guian]\nnew_mw = inf\n", "new_mw")
study("part of a day", changed("days = 1", "days = 1.5"), "days: no whole number")
study("no such day", changed("days = 1", 'days = 1\nstart = "02-30"'), "start: '02-30' is no hour of the year")
study("odd wait", changed("days = 1", "days = 1\nwait_hours = 10"), "wait_hours: no multiple of 4")
study("cap without a kind", STUDY + "[caps.a]\nmost = 3\n", "kind: a value is required")
study("cap below nothing", STUDY + '[caps.a]\nkind = "carbon"\nmost = -3\n', "most: -3 is out of range")
study("cap of a site that is none", STUDY + '[caps.a]\nkind = "water"\nmost = 3\nsites = ["guyan"]\n', "caps.a.sites: no site 'guyan'. Did you mean guian?")
LIMIT = STUDY + '[limits.a]\nsites = ["guian"]\n'
study("limit of nothing", LIMIT, "limits.a: limits nothing")
study("limit of a site that is none", LIMIT.replace('["guian"]', '["guyan"]') + "most_mw = 5\n", "limits.a.sites: no site 'guyan'. Did you mean guian?")
study("limit below nothing", LIMIT + "most_mw = -5\n", "most_mw: -5 is out of range")
study("rate below nothing", LIMIT + "most_mw_per_year = -5\n", "most_mw_per_year: -5 is out of range")
study("share above 1", LIMIT + "least_share = 1.2\n", "least_share: 1.2 is out of range")
study("share that is no number", LIMIT + "most_share = nan\n", "most_share")
study("share of all sites", STUDY + "[limits.a]\nleast_share = 0.2\n", "limits.a: all sites' share of all is 1")
study("least above most", LIMIT + "least_mw = 5\nmost_mw = 3\n", "limits.a.least_mw: is more than most_mw leaves")
study("least above the rate", changed("days = 1", "days = 1\nyears_ahead = 2") + "[limits.a]\nleast_mw = 5\nmost_mw_per_year = 2\n", "limits.a.least_mw: is more than most_mw_per_year leaves")
study("least share above most", LIMIT + "least_share = 0.5\nmost_share = 0.3\n", "limits.a.least_share: is more than most_share leaves")
study("limit of what", LIMIT + 'of = "old"\nmost_mw = 5\n', "of: 'old'")
study("limit of another key", LIMIT + "most_gw = 5\n", "most_gw: unknown key")
study("unknown hazard", changed("days = 1", 'days = 1\nsurvive = ["drought-2012"]'), "survive: no hazard 'drought-2012'", "drought-2011")
study("scenario of no hazard", STUDY + '[scenarios.a]\nhazard = "flood"\n', "scenarios.a.hazard: no hazard 'flood'")
study("scenarios above 1", STUDY + "[scenarios.a]\nprobability = 0.7\n[scenarios.b]\nprobability = 0.7\n", "probabilities sum to 1.4")
study("a hedge against nothing", changed("days = 1", 'days = 1\nhedge = "yes"'), "hedge: nothing to hedge against")
study("people to nowhere", STUDY + '[people]\nshare = 0.1\nto = "guangdon"\ncost_per_person_year = 1\n', "people.to: no region 'guangdon'")
study("set what is not there", STUDY, "colour: unknown key", arguments=["--set", "demand.calls.colour=3"])
study("set to nonsense", STUDY, "--set: days: 'many'", arguments=["--set", "days=many"])
study("gap of nothing", STUDY, "--gap", arguments=["--gap", "2"])
study("NaN as a limit", STUDY, "--time-limit", arguments=["--time-limit", "nan"])
study("run of a day", STUDY, "days: scarcity prices are those of a model year", arguments=["--set", "users=home", "--run", "run"])
study("run of a hedge", STUDY.replace("days = 1", 'days = 73\nhedge = "yes"') + "".join(f"[scenarios.s{k}]\nprobability = 0.1\n" for k in range(4)),
      "days: scarcity prices are those of a model year", arguments=["--set", "users=home", "--run", "run"])
study("more than there is", changed("share = 0.1", "share = 0.1\ngrowth_per_year = 10").replace("days = 1", "days = 1\nyears_ahead = 30"), "demand: all regions together want")
study("150 caps", STUDY + "".join(f'[caps.c{k}]\nkind = "carbon"\nmost = 1e6\n' for k in range(150)), "caps: 150 caps for 4 sites. Keep to 128 of both together.")
case("orlib with a study's settings", files(a__txt="1 1\n10 4\n5\n6\n"), ["plan", "--orlib", "a.txt", "--set", "days=1"], "--set are for studies")
study("export to what", STUDY, "is neither .mps nor .lp", arguments=["--export", "a.txt"])
study("export to nowhere", STUDY, "none/a.mps: cannot be written", arguments=["--export", "none/a.mps"])
table("table of another kind", "place,mw\nbeijing,5\n", "d.csv:1", "region")
table("table with a region twice", "region,mw\nbeijing,1\nbeijing,2\n", "d.csv:3", "the region beijing stands twice")
table("table with a wrong region", "region,mw\nbeijin,5\n", "d.csv:2", "no region 'beijin'. Did you mean beijing?")
table("table below nothing", "region,mw\nbeijing,-5\n", "d.csv:2", "out of range")

case("verify: no such file", files(), ["plan", "verify", "none.json"], "none.json: cannot be opened")
case("verify: set again", files(a__json="{}"), ["plan", "verify", "a.json", "--set", "days=2"], "--set: a result says itself what was set")
case("verify: no JSON", files(a__json="{"), ["plan", "verify", "a.json"], "a.json: is no JSON object")
case("verify: another JSON", files(a__json="{}"), ["plan", "verify", "a.json"], "a.json: study: is missing", "assignments: is missing")
case("orlib: empty", files(a__txt=""), ["plan", "--orlib", "a.txt"], "a.txt")
