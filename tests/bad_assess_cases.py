"""More of the table of bad_input_test.py: what `assess` reads."""

import json

from bad_input_cases import CHINA, case, files, folder_of, good, put_cells, rows_of
from small_world import io_table, write_world

# --- Inequality.

INEQUALITY = ["assess", "inequality"]
OF_ATLAS = [*INEQUALITY, "--atlas", "atlas"]
TABLE = [*INEQUALITY, "--table", "t.csv", "--value", "y", "--weight", "w"]
case("inequality: people below zero", rows_of("accounts", put_cells((3, "population_1e4", "-5"))), OF_ATLAS,
     "atlas/accounts.csv:4: population_1e4: -5 is out of range")
case("inequality: output below zero", rows_of("accounts", put_cells((3, "gdp_1e8_cny", "-5"))), OF_ATLAS, "atlas/accounts.csv:4: gdp_1e8_cny: -5 is out of range")
case("inequality: groups that overlap", rows_of("groups", put_cells((2, "regions", "shanxi;anhui;jiangxi;henan;hubei;hunan;beijing"))), OF_ATLAS,
     "atlas/groups.csv: regions: grouping four: beijing is in east and in centre")
case("inequality: groups that miss a region", rows_of("groups", put_cells((2, "regions", "shanxi;anhui;jiangxi;henan;hubei"))), OF_ATLAS,
     "hunan is in no group")
case("inequality: groups of one's own that miss regions",
     folder_of("books", groups="id,grouping,name,name_zh,regions\na,mine,A,甲,beijing;tianjin\n"),
     [*INEQUALITY, "--groups", "mine", "--books", "books"], "hebei is in no group")
case("inequality: an unknown grouping", files(), [*INEQUALITY, "--groups", "fuor"], "'fuor' is no grouping of this atlas. Did you mean four?")
case("inequality: no year like that", files(), [*INEQUALITY, "--first", "1700"], "--first")
case("inequality: a change that is none", files(), [*INEQUALITY, "--change", "guizhou=much"], "--change guizhou=much: is no change")
case("inequality: a change of an unknown region", files(), [*INEQUALITY, "--change", "guizho=1e9"], "Did you mean guizhou?")
case("inequality: a negative value", files(t__csv="y,w\n1,2\n-3,1\n"), TABLE, "t.csv:3: y: '-3' is no number from 1e-18 to 1e18, nor 0")
case("inequality: negative people", files(t__csv="y,w\n1,-2\n"), TABLE, "t.csv:2: w: '-2' is no number from 1e-18 to 1e18")
case("inequality: people that count for nothing", files(t__csv="y,w\n1,1e-200\n"), TABLE, "t.csv:2: w: '1e-200' is no number")
case("inequality: no such column", files(t__csv="y,v\n1,2\n"), TABLE, "t.csv:1: w: there is no such column")
good("a table of places", files(t__csv="y,w\n1,2\n3,1\n"), TABLE)

# --- Pipeline and talent.

COUNTS_OF_DEALS = ["assess", "pipeline", "--counts", "d.csv", "--since", "2020"]
case("pipeline: fewer than none", files(d__csv="date,signed,operating\n2021-06-30,-10,2\n"), COUNTS_OF_DEALS, "d.csv:2: signed: -10 is out of range")
case("pipeline: more at work than signed", files(d__csv="date,signed,operating\n2021-06-30,1,2\n"), COUNTS_OF_DEALS,
     "2 deals stand at a stage, and 1 were signed")
case("pipeline: a date that is none", files(d__csv="date,signed,operating\n2021-13-30,3,2\n"), COUNTS_OF_DEALS, "d.csv:2: date: '2021-13-30' is no date")
case("pipeline: dates out of order", files(d__csv="date,signed\n2022-06-30,3\n2021-06-30,4\n"), COUNTS_OF_DEALS, "d.csv:3: date: 2021-06-30 does not follow 2022-06-30")
case("pipeline: fewer at work than were", files(d__csv="date,signed,operating\n2021-06-30,9,8\n2022-06-30,9,3\n"), COUNTS_OF_DEALS,
     "d.csv:3: operating: 8 operating by 2021-06-30, and 3 by 2022-06-30")
case("pipeline: no deal and none to come", files(d__csv="date,signed,operating\n2021-06-30,0,0\n"), COUNTS_OF_DEALS, "no deal was signed, and none is to come")
case("pipeline: since when", files(d__csv="date,signed\n2021-06-30,3\n"), COUNTS_OF_DEALS[:-2], "Say before which year none was signed")
case("pipeline: a pace that may be none",
     rows_of("citations", lambda rows: [row.__setitem__(rows[0].index("low"), "0") for row in rows
                                        if row[:3] == ["deal_pace", "china", "start_years"]]),
     ["assess", "pipeline", "--atlas", "atlas"], "deal_pace.china.start_years: its range begins at 0")
case("talent: an unknown site", files(), ["assess", "talent", "guain"], "Did you mean guian?")
case("talent: nothing wanted", files(), ["assess", "talent", "guian", "--mw", "0"], "--mw")

# --- Shocks and plans.

def world(table, **contents):
    """The China atlas with an input-output table beside it, and files."""
    def prepare(folder):
        write_world(CHINA, folder / "atlas", table)
        files(**contents)(folder)
    return prepare


SOUND = io_table(30.0)
SHOCK = """name = "x"
days = 30
per_year = 0.1
[exports.a]
industries = ["20"]
regions = ["coast"]
lost = {value = 0.5, low = 0.2, high = 0.8, source = "assumed"}
days = 10
[zones.z]
site = "guian"
mw = 30
regions = ["coast"]
"""
RUN_SHOCK = ["assess", "shock", "s.toml", "--atlas", "atlas", "--draws", "2"]


def shock(name, old, new, *fragments, arguments=()):
    assert old in SHOCK, old
    case("shock: " + name, world(SOUND, s__toml=SHOCK.replace(old, new, 1)), [*RUN_SHOCK, *arguments], *fragments)


good("a shock", world(SOUND, s__toml=SHOCK), RUN_SHOCK)
good("a shock without draws", world(SOUND, s__toml=SHOCK), [*RUN_SHOCK[:-1], "0", "--json"])
case("shock: no such file", files(), ["assess", "shock", "absent.toml"], "absent.toml: ")
shock("no TOML", "[exports.a]", "[exports.a", "s.toml:4:")
shock("more than all is lost", "value = 0.5", "value = 1.5", "s.toml:7:17: lost: 1.5 is out of range")
shock("an unknown key", "per_year", "a_year", "s.toml:3:10: a_year: unknown key")
shock("nothing is lost", SHOCK[SHOCK.index("[exports"):], "", "s.toml: nothing is lost")
shock("an unknown industry", '"20"', '"2O"', "s.toml: exports.a.industries: '2O' is no industry of the input-output table")
shock("an unknown region", '["coast"]\nlost', '["cost"]\nlost', "s.toml: exports.a.regions: 'cost' is no region", "Did you mean coast?")
shock("an unknown site", '"guian"', '"guain"', "s.toml: zones.z.site: ", "Did you mean guian?")
shock("an unknown grouping", "days = 30", 'days = 30\nregions = "tow"', "s.toml: regions: ")
shock("a run of no one length", "days = 30", 'days = {value = 30, low = 10, high = 50, source = "assumed"}', "s.toml: days: all runs last as long")
shock("a half day", "days = 30", "days = 30.5", "s.toml: days: 30.5 is no whole number")
shock("stocks that never refill", "days = 30", "days = 30", "supply_chains.csv: final_weight x refill is",
      arguments=["--set", "supply_chains.china.refill=5", "--set", "supply_chains.china.final_weight=1"])
shock("draws that are none", "days = 30", "days = 30", "--draws: ", arguments=["--draws", "-1"])
shock("a level that is none", "days = 30", "days = 30", "--level: ", arguments=["--level", "120%"])
case("shock: a singular table", world(io_table(100.0, 0.0), s__toml=SHOCK), RUN_SHOCK, "atlas/io.csv: the table is singular")
case("shock: a table out of balance", world(SOUND.replace(",100.0\n", ",90.0\n", 1), s__toml=SHOCK), RUN_SHOCK, "atlas/io.csv:2: ")
case("shock: a table that is not there",
     rows_of("io_tables", put_cells((1, "file", "absent.csv"))), [*RUN_SHOCK[:2], str(CHINA / "../../../examples/coast-shock.toml"), "--atlas", "atlas"],
     "atlas/io_tables.csv: china-2020: absent.csv is neither there nor in the folder of large data")

RESULT = {"study": "s.toml", "name": "n", "assignments": [], "carbon_price_per_kg": 0, "water_price_per_litre": 0, "hours": 48, "objective": 1.0,
          "sites": [{"id": "guian", "kept_kw": 10.0, "filled_kw": 5.0, "new_kw": 100.0, "idle_kw": 0.0, "served_kwh": 1000.0}]}
STUDY = 'name = "n"\nserver = "cpu-server"\n[demand.a]\nclass = "film-render"\nmw = 1\n'
RUN_PLAN = ["assess", "plan", "r.json", "--atlas", "atlas", "--draws", "2"]


def result(name, change, *fragments, arguments=()):
    """`change` is made to a result and gives it, or its text."""
    text = change(json.loads(json.dumps(RESULT)))
    case("assess plan: " + name, world(SOUND, r__json=text if isinstance(text, str) else json.dumps(text), s__toml=STUDY), [*RUN_PLAN, *arguments],
         *fragments)


def site(**cells):
    return lambda one: one | {"sites": [one["sites"][0] | cells]}


def hand(name, arguments, *fragments):
    case("assess plan: " + name, world(SOUND), ["assess", "plan", "--atlas", "atlas", *arguments], *fragments)


good("a plan's effect", world(SOUND, r__json=json.dumps(RESULT), s__toml=STUDY), RUN_PLAN)
good("a plan that adds nothing", world(SOUND, r__json=json.dumps(RESULT).replace("5.0", "0").replace("100.0", "0"), s__toml=STUDY), RUN_PLAN)
good("a plan's effect by hand", world(SOUND), ["assess", "plan", "--atlas", "atlas", "--mw", "guian=30", "--fill", "zhongwei=2", "--json"])
result("half a file", lambda one: json.dumps(one, indent=1)[:200], "r.json:", "is no JSON")
result("another file", lambda one: "[1, 2]", "r.json: is no result of a plan")
result("a number beyond all", lambda one: json.dumps(one).replace("1000.0", "1e999"), "r.json: holds a number that is too large")
result("no plan in it", lambda one: one | {"objective": None}, "r.json: objective: the result holds no plan")
result("no sites", lambda one: {key: value for key, value in one.items() if key != "sites"}, "r.json: sites: is missing")
result("below zero", site(new_kw=-3), "r.json: sites[0].new_kw: -3 is not from 0 to")
result("a text", site(filled_kw="5"), "r.json: sites[0].filled_kw: is no number")
result("an unknown site", site(id="guain"), "r.json: sites[0].id: 'guain' is no site of the atlas. Did you mean guian?")
result("a site twice", lambda one: one | {"sites": one["sites"] * 2}, "r.json: sites[1].id: 'guian' stands there twice")
result("a study that is gone", lambda one: one | {"study": "gone.toml"}, "gone.toml: ", "r.json: study: the study of the result, which says what servers")
result("an unknown server", lambda one: one, "--server: 'cpu-sever' is no server type of the atlas. Did you mean cpu-server?",
       arguments=["--server", "cpu-sever"])
result("a result and MW", lambda one: one, "assess plan: names no capacity, or two sorts of it", arguments=["--mw", "guian=3"])
hand("nothing named", [], "assess plan: names no capacity, or two sorts of it")
hand("no MW", ["--mw", "guian"], "--mw guian: is no power at a site")
hand("MW below zero", ["--mw", "guian=-3"], "--mw guian=-3: is no power at a site")
hand("an unknown site by hand", ["--mw", "guain=3"], "--mw guain=3: 'guain' is no site of the atlas. Did you mean guian?")
hand("a site named twice", ["--mw", "guian=3", "--mw", "guian=4"], "--mw guian=4: names a site twice")
case("assess plan: a singular table", world(io_table(100.0, 0.0)), ["assess", "plan", "--atlas", "atlas", "--mw", "guian=3"],
     "atlas/io.csv: the table is singular")
