"""What the program tells a script: 0 done or move, 1 the answer is no, 3 a part outside failed (2 is bad_input's)."""
import json, pathlib, shutil, signal, subprocess, sys, tempfile, time

import small_world

program = sys.argv[1]
failed = 0


def expect(code, what, *arguments, out=subprocess.DEVNULL):
    global failed
    got = subprocess.run([program, *arguments], stdout=out, stderr=subprocess.DEVNULL, timeout=60).returncode
    if got != code:
        failed += 1
        print(f"FAILED {what}: exit {got}, expected {code}")


with tempfile.TemporaryDirectory() as folder:
    unsourced = shutil.copytree("data/atlas/china", pathlib.Path(folder) / "atlas")
    citations = unsourced / "citations.csv"
    lines = citations.read_text(encoding="utf-8").splitlines(keepends=True)
    citations.write_text("".join(line for line in lines if not line.startswith("sites,guian,server_use")), encoding="utf-8")
    judge = ("judge", "film-render", "--from", "shanghai")
    cases = [
        (0, "version", "--version"),
        (0, "move", *judge),
        (1, "stay", "judge", "log-scan", "--from", "shanghai"),
        (1, "refused", *judge, "--set", "workloads.film-render.requires=no-such-certificate"),
        (0, "a trace of which a job moves", "judge", "examples/cluster.swf", "--as", "film-render", "--from", "shanghai"),
        (1, "a trace of which none moves", "judge", "examples/cluster.swf", "--as", "log-scan", "--from", "shanghai"),
        (0, "something fills", "fill", "zhongwei", "--idle", "4"),
        (1, "nothing pays above the floor", "fill", "zhongwei", "--set", "sites.zhongwei.power_price_cny_per_kwh=900"),
        (1, "nothing fits", "fill", "zhongwei", "--idle", "0.001", "--class", "film-render"),
        (1, "nothing may come", "fill", "zhongwei", "--class", "trading"),
        (1, "nothing is asked", "fill", "metro-beijing", "--from", "beijing", "--json"),
        (0, "a simulation", "simulate", "examples/drought.toml"),
        (0, "weather", "weather", "guian"),
        (0, "a site's PUE", "pue", "guian"),
        (0, "an honest atlas", "atlas", "check"),
        (1, "an unsourced value", "atlas", "check", "--atlas", str(unsourced)),
        (0, "an unsourced value does not stop a verdict", *judge, "--atlas", str(unsourced)),
    ]
    for case in cases:
        expect(*case)
    with open("/dev/full", "wb") as full:
        expect(3, "a full disk", "atlas", "show", out=full)

    # Ctrl-C in the middle of a long run: 130, and what is printed says how far it came.
    process = subprocess.Popen([program, "simulate", "examples/image-year.toml", "--set", "work.images.days=6000", "--no-baseline"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)
    if process.returncode != 130 or "nterrupted" not in said + errors:
        failed += 1
        print(f"FAILED Ctrl-C: exit {process.returncode}, expected 130; it said {(said + errors)[:300]}")

    # A plan that is interrupted is the best so far, and follows from its prices as any other.
    process = subprocess.Popen([program, "plan", "examples/edwc.toml", "--set", "days=180", "--json"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)
    result = pathlib.Path(folder) / "interrupted.json"
    result.write_text(said)
    again = subprocess.run([program, "plan", "verify", str(result)], capture_output=True, text=True)
    if process.returncode != 130 or '"stopped":true' not in said or again.returncode != 0:
        failed += 1
        print(f"FAILED Ctrl-C of a plan: exit {process.returncode}, expected 130; verified: {again.stdout[:300]}")

    # A shock that is interrupted has the bands of the draws made until then.
    world = pathlib.Path(folder) / "world"
    small_world.write_world(pathlib.Path("data/atlas/china"), world, small_world.io_table(30.0))
    process = subprocess.Popen([program, "assess", "shock", "examples/coast-shock.toml", "--atlas", str(world), "--draws", "100000", "--json"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)
    found = json.loads(said) if process.returncode == 130 else {}
    if not found.get("interrupted") or not 0 < found["draws"] < 100000 or found["lost"]["low"] is None:
        failed += 1
        print(f"FAILED Ctrl-C of a shock: exit {process.returncode}, expected 130; it said {(said + errors)[:300]}")

total = len(cases) + 4
print(f"{total - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
