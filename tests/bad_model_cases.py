"""More of the table of bad_input_test.py: trace models, what is generated from them, and traces that are fitted."""

from bad_input_cases import SWF, case, files, good

MODEL = 'name = "m"\n[arrivals]\njobs_per_day = 10\n[run_s]\nmedian = 20\nmean = 25\nmost = 90\n'

# --- Generated traces.

GENERATE = ["trace", "generate", "m.toml", "--jobs", "5"]
case("generate: into an absent folder", files(m__toml=MODEL), [*GENERATE, "--out", "absent/t.csv"],
     "absent/t.csv: cannot be written: No such file or directory. Check the folder")
case("generate: onto a folder", lambda folder: (files(m__toml=MODEL)(folder), (folder / "t.csv").mkdir()),
     [*GENERATE, "--out", "t.csv"], "t.csv: is there and is no file")
case("generate: beyond the calendar", files(m__toml='start = "9999-12-31T00:00:00"\n' + MODEL.replace("10", "1")), GENERATE,
     "jobs_per_day: job 2 of 5 would come 300 years after the start, or after the year 9999")
case("generate: no jobs", files(m__toml=MODEL), [*GENERATE[:3], "--jobs", "0"], "--jobs: ")
case("generate: a seed that is none", files(m__toml=MODEL), [*GENERATE, "--seed", "x"], "--seed")
case("generate: days and jobs", files(m__toml=MODEL), [*GENERATE, "--days", "2"], "--jobs excludes --days")
case("generate: no days", files(m__toml=MODEL), [*GENERATE[:3], "--days", "nan"], "--days: ")
case("generate: unknown model", files(), ["trace", "generate", "nasa-ipsc-1994"],
     "'nasa-ipsc-1994' is no model and no TOML file. Did you mean nasa-ipsc-1993?")


def model(name, text, *fragments):
    case("model: " + name, files(m__toml=text), GENERATE, *fragments)


model("contradictory runs", MODEL.replace("90", "9"), "m.toml:4:1: mean: the figures are not in the order median <= mean")
model("no runs", MODEL[:MODEL.index("[run_s]")], "m.toml:1: run_s: the table is missing")
model("the keys of before", 'jobs_per_day = 10\nrun_median_s = 20\n', "m.toml:1:16: jobs_per_day: unknown key",
      "m.toml:1: arrivals: the table is missing")
model("two problems", MODEL.replace("10", "-1").replace("25", '"x"'), "m.toml:3:16: jobs_per_day: -1 is out of range",
      "m.toml:6:8: mean: 'x' is text, not a number")
model("a mixed list", MODEL + '[cores]\nvalues = [1, "2"]\n', "m.toml:9:10: values: a list holds something that is neither")
model("NaN in a list", MODEL + "[cores]\nvalues = [1, nan]\nshares = [0.5, 0.5]\n", "values: a number of the list is not finite")
model("shares beyond 1", MODEL + "[cores]\nvalues = [1, 2]\nshares = [0.5, 1.5]\n", "m.toml:10:10: shares: 1.5 is out of range")
model("falling quantiles", MODEL + "[cores]\nquantiles = [1, 5, 2]\n", "m.toml:8:1: quantiles: fall somewhere")
model("23 hours", MODEL.replace("10\n", "10\nhours = [" + "1, " * 22 + "1]\n"), "hours: 23 factors where 24 are meant")
model("a table that stands twice", MODEL + "[arrivals]\n", "m.toml:8:")
model("impossible correlations", MODEL + "[dependence]\nrun_cores = 0.9\nrun_gpus = 0.9\ncores_gpus = -0.9\n",
      "m.toml:8:1: dependence: no quantities can be correlated like this")
model("an hour that is skipped", 'zone = "America/New_York"\nstart = "2024-03-10T02:30:00"\n' + MODEL,
      "m.toml:2:9: start: '2024-03-10T02:30:00' is skipped or repeated")

# --- Fitted traces.

FIT = ["trace", "fit", "t"]
MANY = "".join(SWF.replace("1 0 10", f"{i} {977 * i} 10", 1) for i in range(1, 91))
case("fit: a wrong line", files(t=MANY + "x\n"), FIT, "t:91: job: 'x' is not a number")
case("fit: few jobs", files(t=SWF * 5), FIT, "t: 5 of its 5 jobs know their run. A fit needs 60")
case("fit: one job", files(t=SWF), FIT, "t: has too few jobs. A fit needs 60")
case("fit: all at one moment", files(t=SWF * 90), FIT, "submitted at one moment")
case("fit: a submission in 30,000 years", files(t=MANY + SWF.replace("1 0 10", "1 9e11 10", 1)), FIT, "more than 300 years")
case("fit: unknown zone", files(t=MANY), [*FIT, "--zone", "Europe/Prag"], "'Europe/Prag' is no time zone")
case("fit: into an absent folder", files(t=MANY), [*FIT, "--out", "absent/m.toml"], "absent/m.toml: cannot be written")

good("a model", files(m__toml=MODEL), GENERATE)
good("a fit", files(t=MANY), FIT)
