#!/usr/bin/python3
"""A plan from study to simulation, as its user meets it.

A result verifies, and does not once any of its numbers is changed; HiGHS's own reading of what --export writes has its
optimum between bound and objective; a run that is stopped leaves a plan that verifies; alternatives cost no more than was
said; and the plan, run as a scenario of the simulator, has prices by
which `shadow` regrets less than `cheapest` does.

    /usr/bin/python3 tests/plan_verbs_test.py PROGRAM VENV_PYTHON
"""
import json, pathlib, subprocess, sys, tempfile

program, python = sys.argv[1:3]
STUDY = "examples/edwc.toml"
problems = []


def run(*arguments, code=0):
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    if done.returncode != code:
        problems.append(f"{' '.join(arguments)}: exit code {done.returncode} and not {code}: {done.stderr[:300]}")
    return done.stdout


def expect(true, what):
    if not true:
        problems.append(what)


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    small = ["--set", "days=2"]
    result = json.loads(run("plan", STUDY, *small, "--json"))
    expect(result["feasible"] and 0 <= result["gap"] <= 1e-4, f"a gap of {result['gap']}")

    said = run("plan", STUDY, *small, "--gap", "0")
    expect("A gap of 0 was asked for" in said, "a gap that was not reached is not said")

    file = folder / "plan.json"
    file.write_text(json.dumps(result))
    run("plan", "verify", str(file))
    for path in (["objective"], ["bound"], ["sites", 3, "kept_kw"], ["prices", "capacity", "guian", 30], ["unserved_kwh"]):
        changed = json.loads(json.dumps(result))
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = inner[path[-1]] * 1.001 + 0.01
        file.write_text(json.dumps(changed))
        said = run("plan", "verify", str(file), code=1)
        expect(said.strip() and " there, " in said, f"a changed {path} is not named: {said[:200]}")

    # The page has what the result says of flows, and the comparison where it was asked for.
    few_years = ["--set", "days=1", "--set", "demand_mw=1500", "--set", "scenarios.double.demand=1.2"]
    page = folder / "plan.html"

    def charts_of(text):
        script = text.split('<script type="application/json" id="charts">')[1].split("</script>")[0]
        return json.loads(script)["charts"]

    run("plan", STUDY, *few_years, "--report", str(page))
    text = page.read_text()
    expect("plan alternatives" in text and "Regret" not in text, "a plan's page does not name `plan alternatives`, or compares unasked")
    lines = next(chart for chart in charts_of(text) if chart["kind"] == "map")["lines"]
    expect(0 < len(lines) <= 40 and lines[0]["size"] == 1 and all(0 < one["size"] <= 1 for one in lines), f"{len(lines)} flows on the map")
    run("plan", STUDY, *few_years, "--report", str(page), "--compare")
    both = page.read_text()
    for caption in ("What else could be done", "Regret: what each would pay"):
        expect(caption in both and caption not in text, f"--compare does not add \"{caption}\"")
    run("plan", STUDY, *few_years, "--json", "--compare", code=2)

    # HiGHS's own reading of what is exported has its optimum where the certificate says, hazards too.
    reader = (
        "import ctypes, glob, highsbox, sys\n"
        "highs = ctypes.CDLL(glob.glob(highsbox.highs_dist_dir() + '/lib*/libhighs.so*')[0])\n"
        "highs.Highs_create.restype = ctypes.c_void_p\n"
        "highs.Highs_getObjectiveValue.restype = ctypes.c_double\n"
        "one = ctypes.c_void_p(highs.Highs_create())\n"
        "highs.Highs_setBoolOptionValue(one, b'output_flag', 0)\n"
        "assert highs.Highs_readModel(one, sys.argv[1].encode()) == 0 and highs.Highs_run(one) == 0\n"
        "print(repr(highs.Highs_getObjectiveValue(one)))\n")
    mps = folder / "study.mps"

    def expect_optimum(result, *arguments):
        run("plan", STUDY, *arguments, "--export", str(mps))
        optimum = float(subprocess.run([python, "-c", reader, str(mps)], capture_output=True, text=True, check=True).stdout)
        expect(result["bound"] <= optimum * (1 + 1e-9) and optimum <= result["objective"] * (1 + 1e-9),
               f"HiGHS's optimum {optimum} is not within [{result['bound']}, {result['objective']}] {arguments}")

    expect_optimum(result, *small)
    surviving = ["--set", "days=1", "--set", "demand_mw=5600", "--set", "unserved_per_kwh=1000", "--set", "demand.web.share=0.9",
                 *(f"--set=demand.{other}.share=0.025" for other in ("enterprise", "archive", "analytics", "batch"))]
    without = json.loads(run("plan", STUDY, *surviving, "--json"))
    surviving += ["--set", "survive=drought-2011"]
    with_hazard = json.loads(run("plan", STUDY, *surviving, "--json"))
    expect(with_hazard["objective"] > 1.01 * without["objective"], "here surviving would cost something")
    expect_optimum(with_hazard, *surviving)

    # How well a limit is kept is for the bench to say; here, that what it leaves is a plan that verifies.
    stopped = json.loads(run("plan", STUDY, "--set", "days=60", "--time-limit", "1", "--gap", "1e-6", "--json"))
    expect(stopped["bound"] <= stopped["objective"], "a stopped plan without a bound below it")
    file.write_text(json.dumps(stopped))
    run("plan", "verify", str(file))

    few = ["--set", "days=1", "--set", "only=metro-beijing;metro-guangzhou;metro-nanjing;guian;horinger;shaoguan", "--set", "demand_mw=1500"]
    other = json.loads(run("plan", "alternatives", STUDY, *few, "--within", "2%", "--json"))
    best = json.loads(run("plan", STUDY, *few, "--json"))
    expect(best["bound"] <= other["best"]["objective"] and other["best"]["bound"] <= best["objective"],
           "`alternatives` starts from another best plan")
    for row in other["alternatives"]:
        expect(row["objective"] <= 1.02 * other["best"]["objective"], f"{row['aim']} costs too much")
        expect(row["found"], f"{row['aim']}: none found")
    points = {one["site"]: one for one in other["drop_outs"] if not one["needed"]}
    expect(len(points) >= 2 and all(0 <= one["stays_until"] <= one["leaves_at"] for one in points.values()),
           f"points at which sites are left: {points}")
    run("plan", "alternatives", STUDY, *few, "--within", "0", code=2)
    run("plan", "alternatives", STUDY, *few, "--set", "caps.a.kind=carbon", "--set", "caps.a.most=1", code=1)

    run("plan", STUDY, "--set", 'name=The "west"', "--set", "windows=day", "--set", "users=home", "--set", "only=metro-beijing;metro-shanghai;metro-guangzhou;"
        "metro-shenzhen;metro-hangzhou;metro-nanjing;metro-chengdu;metro-chongqing;guian;zhongwei;horinger;zhangjiakou",
        "--run", str(folder / "run"), "--jobs", "1000000")
    runs = json.loads(run("simulate", str(folder / "run" / "scenario.toml"), "--policy", "shadow", "cheapest", "--json"))
    shadow, cheapest = runs["regret"], runs["other_policies"][0]["regret"]
    print(f"regret: shadow {shadow:.3f}, cheapest {cheapest:.3f}")
    expect(0 < shadow < cheapest, f"shadow regrets {shadow}, cheapest {cheapest}")

for problem in problems:
    print("FAILED", problem)
sys.exit(1 if problems else 0)
