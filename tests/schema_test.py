#!/usr/bin/python3
"""What `--json` prints is what data/schema promises.

Each schema is a valid JSON Schema that refuses an empty object (one that refuses nothing promises nothing), each
command below prints JSON that its schema accepts, and no schema is without a command.

    /usr/bin/python3 tests/schema_test.py --bin build
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

try:
    import jsonschema
except ImportError:
    sys.exit("python3-jsonschema is missing: run tools/setup.sh test")

import small_world

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "data" / "schema"
SECONDS_A_COMMAND = 120

# What is run, and the schema of what it prints. TRACE stands for the small trace below, MONTH for one generated from a model,
# JOURNAL for the example of two owners, KEY and OTHER for keys, RECORD for one that is signed with KEY, FRAMES and FITTED for folders
# that are not there yet, WORLD for an atlas with an input-output table beside it.
PROMISES = [
    ("judge film-render --from shanghai --json", "verdict"),
    ("judge offsite-backup --from shanghai --draws 300 --seed 7 --json", "verdict"),
    ("judge trading --from shanghai --draws 0 --json", "verdict"),
    ("judge TRACE --as batch-inference --from shanghai --json", "trace-verdict"),
    ("fill zhongwei --idle 4 --from shanghai hebei beijing guizhou --json", "fill"),
    ("fill metro-beijing --server cpu-server --home rented=3.2 --json", "fill"),
    ("trace info TRACE --json", "trace-info"),
    ("trace fit MONTH --json", "trace-fit"),
    ("weather guian --json", "weather"),
    ("pue guian --json", "pue"),
    ("pue metro-shanghai --system seawater --load 0.3 --json", "pue"),
    ("rates guian --json", "rates"),
    ("judge examples/nightly-build.toml --from shanghai --start 07-15T22 --draws 0 --json", "verdict"),
    ("simulate examples/image-year.toml --set work.images.days=20 --set work.calls.days=20 --set work.logs.days=20 --policy cheapest greenest --draws 2 --json", "simulate"),
    ("simulate examples/drought.toml --json", "simulate"),
    ("plan --orlib examples/warehouses.txt --json", "plan-orlib"),
    ("plan --orlib examples/medians.txt --time-limit 60 --json", "plan-orlib"),
    ("plan examples/edwc.toml --set days=2 --set windows=both --set limits.west.sites=guian;zhongwei --set limits.west.least_share=0.15 --set limits.queue.of=new --set limits.queue.most_mw_per_year=50 --set sites.guian.power_mw=200 --json", "plan"),
    ("plan examples/edwc.toml --set days=2 --set survive=drought-2011 --set caps.a.kind=carbon --set caps.a.most=1e6 --set sites.guian.power_mw=200 --json", "plan"),
    ("plan compare examples/edwc.toml --set days=1 --json", "plan-compare"),
    ("plan alternatives examples/edwc.toml --set days=1 --set only=metro-beijing;metro-guangzhou;metro-nanjing;guian;horinger --json", "plan-alternatives"),
    ("atlas check --json", "atlas-check"),
    ("atlas sources --json", "atlas-sources"),
    ("atlas show sites --json", "atlas-table"),
    ("assess inequality --json", "assess-inequality"),
    ("assess inequality --groups two --first 2014 --change guizhou=2e9,5e9,9e9 --json", "assess-inequality"),
    ("assess inequality --table examples/places.csv --value gdp_per_head --weight people --by zone --json", "assess-places"),
    ("assess pipeline --json", "assess-pipeline"),
    ("assess talent guian --json", "assess-talent"),
    ("assess shock examples/coast-shock.toml --atlas WORLD --draws 8 --json", "assess-shock"),
    ("assess shock examples/coast-shock.toml --atlas WORLD --draws 0 --set capacity.data-centres.rebuilt=yes --json", "assess-shock"),
    ("assess plan --atlas WORLD --mw guian=300 --fill zhongwei=100 --draws 20 --json", "assess-plan"),
    ("assess plan --atlas WORLD --mw guian=300 --draws 0 --json", "assess-plan"),
    ("assess people --model two --draws 40 --json", "assess-people"),
    ("assess people --coast east north-east --share 2% --draws 10 --json", "assess-people"),
    ("claims check --json", "claims"),
    ("claims check --id C08 --id C36 --json", "claims"),
    ("settle --journal JOURNAL --format json", "settle"),
    ("settle --journal JOURNAL --from 2026-01-01 --to 2100-01-01 --project film --party house --format json", "settle"),
    ("record 0 --journal JOURNAL --key KEY", "run-record"),
    ("verify RECORD --key KEY.pub --json", "record-check"),
    ("verify RECORD --key OTHER.pub --json", "record-check"),
    ("replay examples/tuesday.jsonl --json", "replay"),
    ("replay --fit examples/monday.jsonl --out FITTED --json", "replay"),
    ("replay --fit examples/monday.jsonl --out FITTED examples/tuesday.jsonl --policy stay nearest --json", "replay"),
    ("replay examples/tuesday.jsonl --books FITTED --alone --json", "replay"),
]

# The same of a broker with the local sites of examples/ and a price for one of them, in this order.
BROKER_PROMISES = [
    ("submit --quote --json -- true", "broker-quote"),
    ("submit --json --tasks 3 --name three -- true", "broker-submitted"),
    ("submit --json --held -- true", "broker-submitted"),
    ("jobs --json", "broker-jobs"),
    ("show 0 --json", "broker-job"),
    ("why 0 --json", "broker-why"),
    ("why 1 --json", "broker-why"),
    ("pools --json", "broker-pools"),
    ("render README.md --frames 1-12 --yes --json --into FRAMES -- env FRAME={frame} oiiotool --pattern constant:color=0.5,0.5,0.5 8x8 3 -o {output}", "render"),
    ("cost --format json", "broker-cost"),
    ("cost --by site --format json", "broker-cost"),
    ("submit --quote --json -- true", "broker-quote"),
]

# job submit wait run allocated cpu memory requested limit memory status user group program queue partition - -
TRACE = """; Version: 2.2
; UnixStartTime: 1731661070
1 0 10 3600 4 -1 2097152 4 7200 -1 1 1 -1 -1 1 -1 -1 -1
2 60 0 120 1 -1 -1 1 600 -1 0 2 -1 -1 1 -1 -1 -1
3 7200 -1 86400 64 -1 -1 64 172800 -1 5 1 -1 -1 1 -1 -1 -1
4 90000 5 -1 8 -1 -1 8 -1 1048576 -1 3 -1 -1 1 -1 -1 -1
"""


def load_schemas(problems):
    """name -> schema, those that are valid."""
    schemas = {}
    for path in sorted(SCHEMAS.glob("*.schema.json")):
        try:
            schema = json.loads(path.read_text(encoding="utf-8"))
            jsonschema.validators.validator_for(schema).check_schema(schema)
        except (json.JSONDecodeError, jsonschema.SchemaError) as error:
            problems.append(f"{path.name}: is no valid JSON Schema: {error}")
            continue
        schemas[path.name.removesuffix(".schema.json")] = schema
    return schemas


def broken_promises(schema, value, schemas):
    """What `schema` has against `value`, one line each."""
    store = {other["$id"]: other for other in schemas.values() if "$id" in other}
    kind = jsonschema.validators.validator_for(schema)
    resolver = jsonschema.RefResolver.from_schema(schema, store=store)
    return [f"{error.json_path}: {error.message[:300]}" for error in kind(schema, resolver=resolver).iter_errors(value)]


def run_json(programs, arguments, **variables):
    """The JSON that a command prints, and what is wrong with the command itself."""
    command = [str(programs / "hinterland"), *arguments]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS_A_COMMAND, check=False,
                              env=os.environ | variables)
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, str(error)
    if done.returncode not in (0, 1):
        return None, f"ends with {done.returncode}: {done.stderr.strip()[:500]}"
    try:
        return json.loads(done.stdout), None
    except json.JSONDecodeError as error:
        return None, f"prints no JSON ({error}): {done.stdout[:200]!r}"


def a_record(programs, folder):
    """A journal, two keys, and a record signed with the first."""
    journal, key, other, record = (str(folder / name) for name in ("owners.db", "key", "other", "run.json"))

    def say(*words):
        return subprocess.run([programs / "hinterland", *words], cwd=ROOT, timeout=SECONDS_A_COMMAND, check=True, capture_output=True).stdout

    say("journal", "import", "examples/two-owners.jsonl", journal)
    say("key", "new", "--out", key)
    say("key", "new", "--out", other)
    Path(record).write_bytes(say("record", "0", "--journal", journal, "--key", key))
    return {"JOURNAL": journal, "KEY": key, "KEY.pub": f"{key}.pub", "OTHER.pub": f"{other}.pub", "RECORD": record}


@contextlib.contextmanager
def a_broker(programs, folder):
    """Its socket; it hears a price."""
    sites = folder / "sites.toml"
    sites.write_text('signals = "prices.csv"\n' + (ROOT / "examples" / "local-sites.toml").read_text(encoding="utf-8"), encoding="utf-8")
    hour = time.strftime("%Y-%m-%dT%H:00Z", time.gmtime())
    (folder / "prices.csv").write_text(f"site,hour,price_per_kwh\nguian,{hour},0.2\n", encoding="utf-8")
    broker = subprocess.Popen([programs / "hinterland", "broker", "--sites", sites, "--journal", folder / "broker.db", "--socket", folder / "s"],
                              stderr=subprocess.PIPE, text=True)
    try:
        if " serve at " not in (said := broker.stderr.readline()):
            raise AssertionError(said + broker.stderr.read())
        yield str(folder / "s")
    finally:
        broker.terminate()
        broker.wait(30)


def try_the_rules():
    """The validator itself must notice a planted fault."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
              "required": ["a"], "properties": {"a": {"type": "number"}}}
    if broken_promises(schema, {"a": 1}, {}):
        return ["self-test: blames a good value"]
    return [f"self-test: accepts {bad}" for bad in ({}, {"a": "1"}, []) if not broken_promises(schema, bad, {})]


def main():
    parser = argparse.ArgumentParser(description="Holds the program's JSON against its schemas.")
    parser.add_argument("--bin", type=Path, default=ROOT / "build", help="folder of the program")
    programs = parser.parse_args().bin.resolve()

    problems = try_the_rules()
    schemas = load_schemas(problems)
    for name, schema in schemas.items():
        if not broken_promises(schema, {}, schemas):
            problems.append(f"{name}.schema.json: accepts an empty object, so it promises nothing")
        if name not in {promised for _, promised in PROMISES + BROKER_PROMISES}:
            problems.append(f"{name}.schema.json: no command in PROMISES is held against it")
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "four-jobs.swf"
        trace.write_text(TRACE, encoding="utf-8")
        month = Path(folder) / "month.swf"
        subprocess.run([programs / "hinterland", "trace", "generate", "nasa-ipsc-1993", "--days", "30", "--out", month],
                       timeout=SECONDS_A_COMMAND, check=True)
        small_world.write_world(ROOT / "data/atlas/china", Path(folder) / "world", small_world.io_table(30.0))
        files = {"TRACE": str(trace), "MONTH": str(month), "FRAMES": str(Path(folder) / "frames"), "FITTED": str(Path(folder) / "fitted"),
                 "WORLD": str(Path(folder) / "world"),
                 **a_record(programs, Path(folder))}

        def hold(text, name, **variables):
            if name not in schemas:
                problems.append(f"{name}.schema.json: is missing or not valid; `hinterland {text}` has no schema")
                return
            value, wrong = run_json(programs, [files.get(word, word) for word in text.split()], **variables)
            found = [wrong] if wrong else broken_promises(schemas[name], value, schemas)
            problems.extend(f"`hinterland {text}` against {name}.schema.json: {problem}" for problem in found)

        for text, name in PROMISES:
            hold(text, name)
        with a_broker(programs, Path(folder)) as broker:
            for text, name in BROKER_PROMISES:
                hold(text, name, HINTERLAND_BROKER=broker)
    for problem in problems:
        print(problem)
    print(f"{len(PROMISES) + len(BROKER_PROMISES)} commands held against {len(schemas)} schemas; {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
