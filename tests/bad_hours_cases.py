"""More cases of bad_input_test.py: what is told by month or by hour. Climate, tariffs and curves."""

from bad_input_cases import BOOKS, SWF, atlas, books, bytes_of, cell, folder_of, good, rows_of

# --- Twelve months of climate, twelve months of 48 half hours.

atlas("a station without a month", rows_of("climate", lambda rows: rows.pop(1)),
      "climate.csv: month: 54511 has no row of month 1. Give each of the twelve months one row.")
atlas("a month twice", cell("climate", 1, "month", "2"), "climate.csv: month: 54511 has month 2 2 times")
atlas("half a month", cell("climate", 1, "month", "1.5"), "climate.csv: month: 54511-01: 1.5 is no month")
atlas("minimum and maximum swapped", cell("climate", 1, "daily_max_c", "-20"),
      "climate.csv: mean_c: 54511-01: minimum, mean and maximum are out of order")
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
      "books/hour.csv: no table of the atlas has this name, and no curve names this file")
good("a curve in the books", folder_of("books", curves=CURVES, hours=HOUR + "0.3\n" * 8760), BOOKS)
