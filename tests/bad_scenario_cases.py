"""More cases of bad_input_test.py: scenarios of `simulate`, their jobs and faults, and results for `compare`."""

from bad_input_cases import case, files, good

SCENARIO = """name = "Small"
[work.images]
class = "batch-inference"
from = "shanghai"
model = "image-requests-2024"
jobs = 50
[pools.home]
site = "metro-shanghai"
server = "gpu-server"
servers = 2
[pools.west]
site = "guian"
server = "gpu-server"
servers = 2
basis = "sunk"
"""
FAULT = '[faults.one]\nkind = "site"\nsites = ["guian"]\nfrom = "07-01"\nhours = 5\n'
PEERS = "id,arrival_s,duration_s,cores,site\n"
POOL = 'name = "Placed"\ntrace = "jobs.csv"\n[pools.one]\nsite = "guian"\nservers = 2\n'


def scenario(name, text, *fragments):
    case("scenario: " + name, files(a__toml=text), ["simulate", "a.toml"], *fragments)


def changed(old, new):
    assert old in SCENARIO, old
    return SCENARIO.replace(old, new)


def placed(name, rows, *fragments):
    case("placed jobs: " + name, files(a__toml=POOL, jobs__csv=rows), ["simulate", "a.toml"], *fragments)


case("scenario: --set of a class that it has not", files(a__toml=SCENARIO),
     ["simulate", "a.toml", "--set", "workloads.film-render.data_in_gb=1"],
     "--set workloads.film-render.data_in_gb=1: 'film-render' is not the workload that is asked")
case("scenario: --set out of range", files(a__toml=SCENARIO),
     ["simulate", "a.toml", "--set", "workloads.batch-inference.data_in_gb=-1"], "data_in_gb: -1 is out of range")
good("a scenario", files(a__toml=SCENARIO + FAULT), ["simulate", "a.toml"])
good("lines that are shared", files(a__toml=changed("jobs = 50", "jobs = 50\nweight = 2\nmost_gbps = 1")),
     ["simulate", "a.toml", "--set", "staging=shared"])
good("placed jobs", files(a__toml=POOL, jobs__csv=PEERS + "1,0,5,1,0\r\n2,0,5,128,0"), ["simulate", "a.toml"])



def swf(name, jobs, *fragments):
    """Jobs of one core, as pairs of submission and run time in seconds."""
    lines = "".join(f"{i} {submit} 0 {run} 1 -1 -1 1 -1 -1 1 1 1 1 1 1 -1 -1\n" for i, (submit, run) in enumerate(jobs, 1))
    text = changed('model = "image-requests-2024"\njobs = 50', 'trace = "t.swf"')
    case("scenario: " + name, files(a__toml=text, t__swf=lines), ["simulate", "a.toml"], *fragments)


swf("a run of three centuries", [(0, 10), (5, 1e10)], "a.toml: work: a run takes 2.78e+06 h, more than a hundred years")
swf("jobs of two centuries", [(0, 10), (6e9, 10)], "a.toml: work: more than a hundred years lie between")
case("scenario: no such file", files(), ["simulate", "none.toml"], "none.toml: cannot be opened")
scenario("not TOML", "name = ", "a.toml:1")
scenario("empty", "", "name: a value is required")
scenario("unknown key", SCENARIO + "colour = 3\n", "colour: unknown key")
scenario("half a seed", "seed = 1.5\n" + SCENARIO, "a.toml: seed: 1.5 is no whole number. Give a whole number from 0.")
scenario("unknown site", changed('"guian"', '"guyan"'), "pools.west.site: no site 'guyan'. Did you mean guian?")
scenario("unknown server", changed('server = "gpu-server"\nservers = 2\nbasis', 'server = "gpu"\nbasis'), "pools.west")
scenario("unknown class", changed("batch-inference", "batch-inferense"), "Did you mean batch-inference?")
scenario("unknown region", changed('"shanghai"', '"shangai"'), "shangai")
scenario("no pool at home", changed('site = "metro-shanghai"', 'site = "metro-beijing"'),
         "work.images: its home metro-shanghai has no pool of gpu-server")
scenario("no size of a pool", changed("servers = 2\n[pools.west]", "[pools.west]"),
         "pools.home: needs one of servers, load and of_demand")
scenario("transfers without weight or line", changed("jobs = 50", "jobs = 50\nweight = 0\nmost_gbps = 0"),
         "a.toml:7:10: weight: 0 is out of range", "a.toml:8:13: most_gbps: 0 is out of range")
scenario("two sizes of a pool", changed("servers = 2\n[pools.west]", "servers = 2\nload = 0.5\n[pools.west]"),
         "pools.home: needs one of servers, load and of_demand")
scenario("neither jobs nor days", changed("jobs = 50\n", ""), "work.images: does not say how much of the model")
scenario("trace and model", changed("jobs = 50", 'jobs = 50\ntrace = "x.swf"'), "work.images: needs a trace or a model")
scenario("a trace that is not there", changed('model = "image-requests-2024"\njobs = 50', 'trace = "x.swf"'), "x.swf: cannot be opened")
scenario("no work", SCENARIO[:SCENARIO.index("[work")] + SCENARIO[SCENARIO.index("[pools.home]"):], "work: no work")
scenario("rented without a rate", changed('basis = "sunk"', 'basis = "rented"'), "pools.west: basis rented and rate_per_server_hour")
scenario("a fault nowhere", SCENARIO + FAULT.replace("guian", "guyan"), "faults.one.sites: no site 'guyan'. Did you mean guian?")
scenario("a fault without a pool", SCENARIO + FAULT.replace("guian", "tianfu"), "faults.one: none of its sites has a pool")
scenario("a fault on no day", SCENARIO + FAULT.replace("07-01", "02-30"), "faults.one.from: '02-30' is no hour of the year")
scenario("two faults at once", SCENARIO + FAULT + FAULT.replace("one", "two").replace("= 5", "= 9"), "faults: one and two overlap")
scenario("an unknown hazard", SCENARIO + FAULT.replace('"site"', '"hazard"') + 'hazard = "drought-2012"\n',
         "faults.one.hazard: no hazard 'drought-2012'. Did you mean drought-2011?")
scenario("an unknown hub", SCENARIO + FAULT.replace('"site"', '"hub"') + 'hub = "guizou"\n', "faults.one.hub: no hub 'guizou'")
scenario("a link that nobody shares", SCENARIO + FAULT.replace('"site"', '"link"'), "faults.one: a link can only fail where links are shared")
scenario("half an hour of a price", SCENARIO + FAULT.replace('"site"', '"price"').replace("= 5", "= 0.5"), "is no whole number of hours")
case("scenario: every job too large", files(a__toml=SCENARIO),
     ["simulate", "a.toml", "--set", "workloads.batch-inference.gpus=99"],
     "work.images: 50 jobs of 8 cores, 99 GPUs and 64 GB, the first of them job 1: larger than any pool")
case("scenario: residency that nobody meets", files(a__toml=SCENARIO),
     ["simulate", "a.toml", "--set", "workloads.batch-inference.residency=hainan"], "work.images: may run in no pool")
case("scenario: a deadline before arrival", files(a__toml=SCENARIO),
     ["simulate", "a.toml", "--set", "workloads.batch-inference.deadline_hours=-1"], "deadline_hours: -1 is out of range")
case("scenario: an unknown policy", files(a__toml=SCENARIO), ["simulate", "a.toml", "--policy", "cheepest"],
     "--policy: no policy 'cheepest'. Did you mean cheapest?")
case("scenario: two bad settings, both told", files(a__toml=SCENARIO),
     ["simulate", "a.toml", "--set", "discipline=lifo", "--set", "work.images.jobs=many"],
     "discipline: 'lifo' is not one of the choices", "jobs: 'many' is not a number")

SCARCE = "home,west\n" + "0,0.5\n" * 8760
good("given scarcity", files(a__toml=SCENARIO, s__csv=SCARCE), ["simulate", "a.toml", "--set", "scarcity=s.csv", "--policy", "shadow"])
case("scarcity: an hour short", files(a__toml=SCENARIO, s__csv=SCARCE[:-6]), ["simulate", "a.toml", "--set", "scarcity=s.csv"],
     "s.csv: 8759 rows where a year has 8760")
case("scarcity: a pool without prices", files(a__toml=SCENARIO, s__csv=SCARCE.replace("home,west", "home,east")),
     ["simulate", "a.toml", "--set", "scarcity=s.csv"], "s.csv:1: west: the column is missing")

placed("no header", "1,2,3,4,5\n", "jobs.csv:1: no such header")
placed("no job", PEERS, "jobs.csv: has not one job")
placed("no number", PEERS + "1,0,x,1,0\n", "jobs.csv:2: duration_s: is no whole number")
placed("out of order", PEERS + "1,5,1,1,0\n2,4,1,1,0\n", "jobs.csv:3: arrival_s: arrives before the job of the line above")
placed("of no pool", PEERS + "1,0,1,1,7\n", "jobs.csv:2: site: no pool 7")
placed("too large", PEERS + "1,0,1,129,0\n", "jobs.csv:2: cores: 129 cores fit into no pool there")
placed("too few columns", PEERS + "1,0,1\n2,0,1,1,0\n", "jobs.csv:2: duration_s")
placed("of no length", PEERS + "1,0,0,1,0\n", "jobs.csv:2: duration_s: a time that is not in the simulated years")
placed("beyond all time", PEERS + "1,99999999999999999999,1,1,0\n", "jobs.csv:2: arrival_s")

case("compare: no result", files(a__json="{}", b__json="[1"), ["compare", "a.json", "b.json"],
     "a.json: is no result of a simulation", "b.json: is no result of a simulation")
case("compare: half a result", files(a__json='{"policy": "x", "cells": [], "total": {"bill": {}}}'), ["compare", "a.json", "a.json"],
     "is no whole result of a simulation")
