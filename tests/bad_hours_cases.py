"""More cases of bad_input_test.py: what is told by month or by hour. Climate, tariffs, curves and weather."""

from datetime import datetime, timedelta

from bad_input_cases import BOOKS, CHINA, SWF, atlas, books, bytes_of, case, cell, files, flags, folder_of, good, rows_of

# --- Twelve months of climate, twelve months of 48 half hours.

atlas("a station without a month", rows_of("climate", lambda rows: rows.pop(1)),
      "climate.csv: month: 54511 has no row of month 1. Give each of the twelve months one row.")
atlas("a month twice", cell("climate", 1, "month", "2"), "climate.csv: month: 54511 has month 2 2 times")
atlas("half a month", cell("climate", 1, "month", "1.5"), "climate.csv: month: 54511-01: 1.5 is no month")
atlas("minimum and maximum swapped", cell("climate", 1, "daily_max_c", "-20"),
      "climate.csv: mean_c: 54511-01: minimum, mean and maximum are out of order")
atlas("more vapour than air holds", cell("climate", 1, "vapour_pressure_hpa", "60"),
      "climate.csv: vapour_pressure_hpa: 54511-01: 60 hPa where air of its daily maximum", "Give the mean vapour pressure in hPa.")
atlas("air of a mountain in Beijing", cell("climate", 1, "station_pressure_hpa", "400"),
      "climate.csv: station_pressure_hpa: 54511-01: 400 hPa where air at 33 m has about 1009")
atlas("47 half hours", cell("tariff_periods", 1, "periods", "F" * 47),
      "tariff_periods.csv: periods: jibei-01: '" + "F" * 40)
atlas("a period that is none", cell("tariff_periods", 1, "periods", "F" * 47 + "X"),
      "is not 48 letters of S, P, F, V, D. Give one letter for each half hour from midnight.")
atlas("eleven months of a tariff", rows_of("tariff_periods", lambda rows: rows.pop(1)),
      "tariff_periods.csv: month: jibei has no row of month 1. Give each of the twelve months one row, or none at all.")
atlas("a period without a ratio", cell("tariffs", 1, "peak_ratio", ""),
      "tariffs.csv: peak_ratio: jibei: its periods name P, of which it has no ratio")
atlas("a curve whose file is not there", bytes_of("curves", lambda old: old + b"a,guian,power_price,level,a.csv\n"),
      "atlas/a.csv: cannot be opened")

# --- One cell set is checked as its table would be.

flags("--set of a zone that is none", "--set", "atlas.china.time_zone=Mars/Base",
      "--set atlas.china.time_zone: time_zone: 'Mars/Base' is no time zone known to this system")
books("a zone that is none", folder_of("books", atlas="id,time_zone\nchina,Mars/Base\n"),
      "books/atlas.csv: time_zone: 'Mars/Base' is no time zone known to this system")
flags("--set of a server that draws more when idle", "--set", "servers.cpu-server.power_idle_kw=0.7",
      "--set servers.cpu-server.power_idle_kw: power_idle_kw: cpu-server draws more when idle than when busy")
flags("a seed that is too large", "--seed", "9223372036854775808", "is not a whole number from 0 to 9223372036854775807")

# --- Curves in the books: 8,760 hours in a file of their own.

CURVES = "id,site,quantity,use,file\nmine,guian,power_price,level,hours.csv\n"
HOUR = "value_cny_per_kwh\n"


def curve(name, hours, *fragments):
    books("curve: " + name, folder_of("books", curves=CURVES, hours=hours), *fragments)


curve("an hour is missing", HOUR + "0.3\n" * 8759, "books/hours.csv: 8759 rows where a year has 8760")
curve("a leap year", HOUR + "0.3\n" * 8784, "books/hours.csv: 8784 rows", "Leave out the 24 hours of 29 February.")
curve("quarter hours", HOUR + "0.3\n" * 35040, "books/hours.csv: 35040 rows", "Give the mean of each hour's four quarters.")
curve("not a number", HOUR + "nan\n" + "0.3\n" * 8759, "books/hours.csv:2: value_cny_per_kwh: 'nan' is not a number")
curve("no unit", "value\n" + "0.3\n" * 8760, "books/hours.csv:1: value: unknown column. Give value_cny_per_kwh")
curve("another currency", "value_usd_per_kwh\n" + "0.3\n" * 8760, "books/hours.csv:1: value_usd_per_kwh: unknown column")
curve("another file", SWF, "books/hours.csv:1: value_cny_per_kwh: the column is missing")
curve("a NUL byte", (HOUR + "0.3\n" * 8760).encode() + b"\0", "books/hours.csv:8762:1: a NUL byte")
books("curve: its file is not there", folder_of("books", curves=CURVES), "books/hours.csv: cannot be opened")
books("curve: of no site", folder_of("books", curves=CURVES.replace("guian", "guain"), hours=HOUR + "0.3\n" * 8760),
      "books/curves.csv: site: mine: 'guain' is not in sites. Did you mean guian?")
books("curve: the same twice", folder_of("books", curves=CURVES + CURVES.splitlines()[1].replace("mine", "too") + "\n",
                                         hours=HOUR + "0.3\n" * 8760),
      "books/curves.csv: too is of the same site and quantity as mine")
books("a file that no curve names", folder_of("books", curves=CURVES, hours=HOUR + "0.3\n" * 8760, hour="x\n"),
      "books/hour.csv: no table of the atlas has this name, and no curve names this file. Give it a row in books/curves.csv, or")
good("a curve in the books", folder_of("books", curves=CURVES, hours=HOUR + "0.3\n" * 8760), BOOKS)

# --- Files of hours for `weather` and `pue`.

ON_HOURS = ["pue", "guian", "--atlas", CHINA, "--hours", "h.csv"]


def year_of_hours(temperature=20, humidity=60, pressure=880, hours=8760, minutes=60, first=datetime(2023, 1, 1),
                  header="time,temp_c,rh_pct,pressure_hpa"):
    rows = [header]
    for i in range(hours):
        at = first + timedelta(minutes=minutes * i)
        rows.append(f"{at:%Y-%m-%dT%H:%M},{temperature},{humidity},{pressure}")
    return rows


def hours(name, rows, *fragments):
    case("hours: " + name, files(h__csv="\n".join(rows) + "\n"), ON_HOURS, *fragments)


HOURLY = year_of_hours()
hours("one is missing", HOURLY[:4001] + HOURLY[4002:], "h.csv:")
hours("a row twice", HOURLY[:4001] + HOURLY[4000:], "h.csv:4002")
hours("a leap day", year_of_hours(hours=8784, first=datetime(2024, 1, 1)), "h.csv:1418")
hours("quarter hours", year_of_hours(hours=8760 * 4, minutes=15), "h.csv:3")
hours("impossible humidity", [*HOURLY[:5], HOURLY[5].replace(",60,", ",160,"), *HOURLY[6:]], "h.csv:6")
hours("swapped columns", [HOURLY[0].replace("temp_c,rh_pct,pressure_hpa", "pressure_hpa,rh_pct,temp_c"), *HOURLY[1:]],
      "h.csv:2")
hours("temperature and humidity swapped", [HOURLY[0].replace("temp_c,rh_pct", "rh_pct,temp_c"), *HOURLY[1:]],
      "60.0 degC in the mean of 2023, which no place on earth has")
hours("not a number", [*HOURLY[:5], HOURLY[5].replace(",20,", ",mild,"), *HOURLY[6:]], "h.csv:6")
hours("no pressure", [row.rsplit(",", 1)[0] for row in HOURLY], "h.csv:1: pressure_hpa: the column is missing")
hours("another file", [SWF], "h.csv:1")
case("hours: a file that is not there", files(), ON_HOURS, "h.csv: cannot be opened")
case("hours: a year that is not in it", files(h__csv="\n".join(HOURLY) + "\n"), [*ON_HOURS, "--year", "2024"], "h.csv")
good("a year of hours", files(h__csv="\n".join(HOURLY) + "\n"), ON_HOURS)
good("a year of hours with another pressure", files(h__csv="\n".join(HOURLY) + "\n"),
     ["weather", *ON_HOURS[1:], "--pressure-hpa", "900"])
good("a leap day that is left out", files(h__csv="\n".join(year_of_hours(hours=8784, first=datetime(2024, 1, 1))) + "\n"),
     [*ON_HOURS, "--drop-leap-days"])
case("pue: no site", files(), ["pue", "--atlas", CHINA], "site is required")
case("pue: unknown site", files(), ["pue", "guain", "--atlas", CHINA], "'guain' is no site", "Did you mean guian?")
case("pue: unknown plant", files(), ["pue", "guian", "--atlas", CHINA, "--system", "airsied"], "Did you mean airside?")
for load in ("0", "1.01", "-0.5", "nan", "half"):
    case(f"pue: load {load}", files(), ["pue", "guian", "--atlas", CHINA, f"--load={load}"], "--load")
case("weather: a seed below 0", files(), ["weather", "guian", "--atlas", CHINA, "--seed=-1"], "--seed")
case("weather: a pressure of the sea in mm", files(h__csv="\n".join(HOURLY) + "\n"),
     ["weather", *ON_HOURS[1:], "--pressure-hpa", "nan"], "--pressure-hpa")
case("weather: --year without a file", files(), ["weather", "guian", "--atlas", CHINA, "--year", "2013"], "--hours")
