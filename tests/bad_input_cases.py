"""The table of bad_input_test.py: files with one thing broken each, and the part of the message that names place and
reason. Read with the repository as the second argument."""

import csv
import gzip
import io
import re
import shutil
import sys
from pathlib import Path

CHINA = Path(sys.argv[2]).resolve() / "data/atlas/china"

HEAD = 'name = "A job"\nserver = "cpu-server"\ndata_in_gb = 1\ndata_out_gb = 2\ndeadline_hours = 24\n'
WORK = HEAD + "server_hours = 10\n"
SWF = "1 0 10 3600 64 -1 -1 64 7200 -1 1 1 1 -1 1 1 -1 -1\n"
SACCT = "JobID|Submit|Elapsed|ReqMem\n"
PODS = "cpu_milli,memory_mib,num_gpu,creation_time,deletion_time,scheduled_time\n"
REQUESTS = "gmt_create,exec_time_seconds\n"
MIB = 1 << 20

CASES = []  # (name, prepare(folder), arguments, fragments of one line each)


def case(name, prepare, arguments, *fragments):
    CASES.append((name, prepare, [str(argument) for argument in arguments], fragments))


# --- How files are broken. Each returns a function that is given the case's own folder, its working directory.

def files(**contents):
    """Files by name; `__` in a keyword is a dot."""
    def prepare(folder):
        for name, content in contents.items():
            content = content.encode() if isinstance(content, str) else content
            (folder / name.replace("__", ".")).write_bytes(content)
    return prepare


def folder_of(name, **contents):
    """A folder of CSV tables."""
    def prepare(folder):
        (folder / name).mkdir()
        for table, content in contents.items():
            content = content.encode() if isinstance(content, str) else content
            (folder / name / f"{table}.csv").write_bytes(content)
    return prepare


def copy_china(folder):
    shutil.copytree(CHINA, folder / "atlas")
    return folder / "atlas"


def bytes_of(table, change):
    """The China atlas with the bytes of one table changed."""
    def prepare(folder):
        path = copy_china(folder) / f"{table}.csv"
        path.write_bytes(change(path.read_bytes()))
    return prepare


def rows_of(table, change):
    """The China atlas with the rows (lists of cells, the header first) of one table changed in place."""
    def change_bytes(old):
        rows = list(csv.reader(io.StringIO(old.decode())))
        change(rows)
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        return out.getvalue().encode()
    return bytes_of(table, change_bytes)


def put_cells(*cells):
    """cells: (row from 1, column's name, text)"""
    def change(rows):
        for row, column, text in cells:
            rows[row][rows[0].index(column)] = text
    return change


def cell(table, row, column, text):
    return rows_of(table, put_cells((row, column, text)))


def drop_column(rows):
    for row in rows:
        del row[-1]


def rename(column, name):
    return put_cells((0, column, name))


def repeat_column(rows):
    for row in rows:
        row.append(row[-1])


def replace_by_directory(folder):
    path = copy_china(folder) / "sites.csv"
    path.unlink()
    path.mkdir()


def remove_table(folder):
    (copy_china(folder) / "grids.csv").unlink()


def break_numbers(*tables):
    """Every number of the tables becomes a word."""
    def prepare(folder):
        atlas = copy_china(folder)
        for table in tables:
            path = atlas / f"{table}.csv"
            path.write_text(re.sub(r"(?<=,)-?\d+\.?\d*(?=,|$)", "x", path.read_text(), flags=re.M))
    return prepare


# --- Atlases.

ATLAS = ["atlas", "check", "--atlas", "atlas"]


def atlas(name, prepare, *fragments):
    case("atlas: " + name, prepare, ATLAS, *fragments)


atlas("missing column", rows_of("regions", drop_column), "regions.csv:1: gdp_1e8_cny: the column is missing")
for word in ("nan", "inf", "-inf", "1e999", "0.40 yuan", "0,4", "¥0.40", "0x1"):
    atlas(f"{word} is no number", cell("sites", 1, "power_price_cny_per_kwh", word),
          f"sites.csv:2: power_price_cny_per_kwh: '{word}' is not a number. Give a plain number")
atlas("negative land price", cell("sites", 3, "land_cny_per_m2", "-1"),
      "sites.csv:4: land_cny_per_m2: -1 is out of range. Give a value in [0, ")
atlas("another unit in the column's name",
      rows_of("sites", rename("power_price_cny_per_kwh", "power_price_usd_per_kwh")),
      "sites.csv:1: power_price_usd_per_kwh: unknown column. Did you mean power_price_cny_per_kwh?",
      "sites.csv:1: power_price_cny_per_kwh: the column is missing")
atlas("percent where a share is meant", cell("sites", 2, "rack_fill", "62.7"),
      "sites.csv:3: rack_fill: 62.7 is out of range. Give a value in (0, 1]. A share of 62.7 % is 0.627.")
atlas("PUE below 1", cell("sites", 1, "pue_reported", "0.99"), "sites.csv:2: pue_reported: 0.99 is out of range")
atlas("latitude 95", cell("regions", 1, "latitude_deg", "95"), "regions.csv:2: latitude_deg: 95 is out of range")
atlas("bad choice", cell("sites", 1, "power_price_mode", "ice"),
      "sites.csv:2: power_price_mode: 'ice' is not one of the choices. Give one of: agency, contract, spot")
atlas("unknown plant", cell("sites", 1, "cooling", "ice"), "sites.csv: cooling: zhangjiakou: 'ice' is not in plants")
atlas("unknown station", cell("sites", 1, "climate_station", "54512"),
      "sites.csv: climate_station: zhangjiakou: '54512' is not in stations. Did you mean 54511?")
atlas("unknown tariff", cell("sites", 1, "tariff", "jibie"),
      "sites.csv: tariff: zhangjiakou: 'jibie' is not in tariffs. Did you mean jibei?")
atlas("empty cell", cell("sites", 1, "capacity_mw", ""), "sites.csv:2: capacity_mw: a value is required")
atlas("unknown region", cell("sites", 1, "region", "hebbei"),
      "sites.csv: region: zhangjiakou: 'hebbei' is not in regions. Did you mean hebei?")
atlas("unknown site in a hazard", cell("hazards", 1, "sites", "guian;atlantis"),
      "hazards.csv: sites: ice-storm-2008: 'atlantis' is not in sites")
atlas("duplicate id", rows_of("sites", lambda rows: rows.append(rows[1])),
      "sites.csv:20: id: the id zhangjiakou stands twice")
atlas("an id that is no name", cell("grids", 1, "id", "bei jing"), "grids.csv:2: id: 'bei jing' is no id")
atlas("duplicate column", rows_of("grids", repeat_column),
      "grids.csv:1: marginal_kg_per_kwh: the column stands twice")
atlas("a row cut off", bytes_of("regions", lambda old: old + b"atlantis,Atlantis\n"),
      "regions.csv:33: 2 cells where the header has 7")
atlas("an open quote", bytes_of("regions", lambda old: old + b'atlantis,"Atlantis,1,2,3\n'),
      "regions.csv:33:10: a quoted cell is never closed")
atlas("text behind a quote", bytes_of("regions", lambda old: old + b'a,"b"c,"d",1,2,3,4\n'),
      "regions.csv:33:6: text follows a closing quote")
atlas("a line of 10 MB", bytes_of("regions", lambda old: old + b"x" * (10 * MIB) + b"\n"),
      "regions.csv:33:1: the line is longer than 1048576 bytes")
atlas("a header of 10 MB", bytes_of("regions", lambda old: b"x," * (5 * MIB)),
      "regions.csv:1:")
atlas("truncated gzip", bytes_of("sites", lambda old: gzip.compress(old)[:-9]),
      "sites.csv: the gzip archive ends too early")
atlas("corrupt gzip", bytes_of("sites", lambda old: gzip.compress(old)[:-8] + bytes(8)), "sites.csv: cannot be read")
atlas("GBK", bytes_of("regions", lambda old: old.decode().encode("gb18030")),
      "regions.csv:2:17: byte 0xb1 is not UTF-8. Save it as UTF-8; for a Chinese file in GBK")
atlas("UTF-16", bytes_of("regions", lambda old: old.decode().encode("utf-16")),
      "regions.csv:1:1: byte 0xff is not UTF-8. It looks like UTF-16")
atlas("a NUL byte", bytes_of("grids", lambda old: old + b"\0"), "grids.csv:33:1: a NUL byte: this is no text")
atlas("empty file", bytes_of("grids", lambda old: b""), "grids.csv: the file is empty. Begin with the header id,name")
atlas("header only", rows_of("atlas", lambda rows: rows.pop()), "atlas.csv: 0 rows where one is meant")
atlas("a directory in place of a file", replace_by_directory, "sites.csv: is a directory. Name a file in it.")
atlas("missing table", remove_table, "grids.csv: cannot be opened")
atlas("two rows in atlas.csv", rows_of("atlas", lambda rows: rows.append(["b"] + rows[1][1:])),
      "atlas.csv: 2 rows where one is meant. Keep one row.")
atlas("citation of an unknown source", cell("citations", 1, "source", "nobody26"),
      "citations.csv:2: atlas.china.interest_per_year: 'nobody26' is no source")
atlas("citation of an unknown row", cell("citations", 1, "id", "chinna"),
      "citations.csv:2: atlas.chinna.interest_per_year: there is no such row")
atlas("citation of an unknown column", cell("citations", 1, "column", "interest"),
      "citations.csv:2: atlas.china.interest: there is no such column")
atlas("citation of an unknown table", cell("citations", 1, "table", "atlass"),
      "citations.csv:2: atlass.china.interest_per_year: there is no such table")
atlas("low above high", cell("citations", 1, "low", "0.09"),
      "citations.csv:2: atlas.china.interest_per_year: low is above high. Swap them.")
atlas("an offer without what its mode needs", cell("networks", 1, "bandwidth_gbps", ""),
      "networks.csv: the offer ccn-platinum-1g lacks columns of its mode")
atlas("three broken cells", rows_of("sites", put_cells((1, "rack_fill", "2"), (1, "power_price_mode", "ice"),
                                                       (5, "green_share", "half"))),
      "sites.csv:2: rack_fill: ", "sites.csv:2: power_price_mode: ", "sites.csv:6: green_share: ")
atlas("two broken tables", lambda folder: (cell("sites", 1, "rack_fill", "2")(folder),
                                           (folder / "atlas/grids.csv").write_text("id\n")),
      "sites.csv:2: rack_fill: ", "grids.csv:1: name: the column is missing")
case("atlas: a file instead of a folder", files(atlas="id\n"), ATLAS, "atlas: is no folder")
case("atlas: nothing there", files(), ATLAS, "atlas: is no folder")

# --- Books: the user's own tables over a good atlas.

BOOKS = ["atlas", "check", "--atlas", CHINA, "--books", "books"]


def books(name, prepare, *fragments):
    case("books: " + name, prepare, BOOKS, *fragments)


books("unknown table", folder_of("books", sitess="id\n"),
      "books/sitess.csv: no table of the atlas has this name, and no curve names this file. Did you mean sites.csv?")
books("a new site whose row is not whole", folder_of("books", sites="id,server_use\natlantis,0.5\n"),
      "books/sites.csv:2: region: atlantis is not in the atlas, so its row must be whole")
books("a misspelt id", folder_of("books", sites="id,server_use\nguain,0.5\n"), 
      "books/sites.csv:2: id: 'guain' is not in the atlas, and a new row must be whole. Did you mean guian?")
books("unknown column", folder_of("books", sites="id,sever_use\nguian,0.5\n"),
      "books/sites.csv:1: sever_use: unknown column. Did you mean server_use?")
books("bad value", folder_of("books", sites="id,server_use\nguian,45\n"),
      "books/sites.csv:2: server_use: 45 is out of range. Give a value in (0, 1]. A share of 45 % is 0.45.")
books("no id", folder_of("books", sites="id,server_use\n,0.5\n"), "books/sites.csv:2: id: the row has no id")
books("unknown grid", folder_of("books", sites="id,grid\nguian,atlantis\n"),
      "books/sites.csv: grid: guian: 'atlantis' is not in grids")
books("the same row twice", folder_of("books", sites="id,server_use\nguian,0.5\nguian,0.6\n"),
      "books/sites.csv:3: id: the id guian stands twice")
books("empty folder", folder_of("books"), "books: holds no table. Known: atlas.csv, ")
books("a file instead of a folder", files(books="id\n"), "books: is no folder")
books("a second atlas", folder_of("books", atlas=(CHINA / "atlas.csv").read_text().replace("china", "other")),
      "books/atlas.csv: books cannot add an atlas")
books("another currency", folder_of("books", atlas="id,currency\nchina,USD\n"),
      "books/atlas.csv: books cannot add an atlas or change the currency of one. Give a row for china without")

# --- Workloads.

JUDGE = ["judge", "./w.toml", "--from", "shanghai", "--atlas", CHINA]


def work(name, text, *fragments):
    case("workload: " + name, files(w__toml=text), JUDGE, *fragments)


work("unknown key", WORK + "datain_gb = 5\n", "w.toml:7:13: datain_gb: unknown key. Did you mean data_in_gb?")
work("text where a number is meant", WORK + 'gpus = "8"\n', "w.toml:7:8: gpus: '8' is text, not a number")
work("a number where text is meant", WORK + "description = 8\n", "w.toml:7:15: description: a number stands")
work("both sizes", WORK + "runtime_hours = 1\n", "w.toml:1: server_hours: stands beside runtime_hours")
work("no size", HEAD, "w.toml:1: server_hours: is missing, and so is runtime_hours. Give one of them.")
work("negative bytes", WORK.replace("data_in_gb = 1", "data_in_gb = -1"), "w.toml:3:14: data_in_gb: -1 is out of range")
for word in ("nan", "inf", "-inf"):
    work(word, WORK.replace("data_in_gb = 1", f"data_in_gb = {word}"),
         "w.toml:3:14: data_in_gb: the number is not finite")
work("1e999", WORK.replace("data_in_gb = 1", "data_in_gb = 1e999"), "w.toml:3:")
work("10,000 open brackets", WORK + "residency = " + "[" * 10_000, "w.toml:7:")
work("10,000 open braces", WORK + "gpus = " + "{a = " * 10_000, "w.toml:7:")
work("a key of 100,000 parts", WORK + ".".join("a" * 100_000) + " = 1\n", "w.toml: has more than")
work("a key of 3,000 parts", WORK + ".".join("a" * 3_000) + " = 1\n", "w.toml:7:")
work("a line of 10 MB", WORK + "description = '" + "x" * (10 * MIB) + "'\n", "w.toml: has more than")
work("a list where text is meant", WORK + 'data_at = ["home"]\n', "w.toml:7:11: data_at: a list stands")
work("text where a list is meant", WORK + 'residency = "guian"\n', 'w.toml:7:13: residency: one text stands')
work("unknown server", WORK.replace("cpu-server", "cpu-sever"),
     "w.toml: server: 'cpu-sever' is not in this atlas. Did you mean cpu-server?")
work("unknown region in residency", WORK + 'residency = ["atlantis"]\n',
     "w.toml: residency: 'atlantis' is not in this atlas")
work("unknown place of data", WORK + 'data_at = "atlantis"\n', "w.toml: data_at: 'atlantis' is not in this atlas")
work("a date", WORK + "checkpoint_hours = 2024-01-01\n",
     "w.toml:7:20: checkpoint_hours: dates and times have no meaning")
work("a value outside its own range", WORK + "gpus = {value = 9, low = 1, high = 8}\n",
     "w.toml:7:8: gpus: the value lies outside its own low and high")
work("a range that is not a number", WORK + "gpus = {value = 9, low = nan}\n",
     "w.toml:7:26: gpus: 'low' has no meaning")
work("empty file", "", "w.toml:1:1: name: a value is required", "w.toml:1:1: deadline_hours: a value is required")
work("duplicate keys", WORK + "server_hours = 11\n", "w.toml:7:")
work("no TOML", WORK + "gpus = = 3\n", "w.toml:7:")
work("GBK", (WORK + 'name_zh = "贵安"\n').encode("gb18030"), "w.toml:7:12: byte 0xb9 is not UTF-8")
work("four problems", WORK + 'gpus = -1\ncores = "x"\ncoores = 1\nprecision = "fp8"\n',
     "w.toml:7:8: gpus: ", "w.toml:8:9: cores: ", "w.toml:9:10: coores: ", "w.toml:10:13: precision: ")
case("workload: a file that is not there", files(), JUDGE, "w.toml: cannot be opened")
case("workload: a device", files(), ["judge", "/dev/zero", "--from", "shanghai"],
     "/dev/zero: is a device, which need not end. Name a file or a pipe.")
case("workload: a folder", lambda folder: (folder / "w.toml").mkdir(), JUDGE, "w.toml: is a directory")
case("workload: unknown preset", files(), ["judge", "film-rendrr", *JUDGE[2:]], "'film-rendrr' is no preset")

# --- Traces.

INFO = ["trace", "info", "t"]
AS = ["judge", "./t", "--from", "shanghai", "--as", "./w.toml", "--atlas", CHINA]


def trace(name, text, *fragments):
    case("trace: " + name, files(t=text), INFO, *fragments)


trace("SWF with 17 columns", ";\n" + SWF[:-4] + "\n", "t:2: think time: the line has 17 of 18 columns")
trace("-2 in SWF", SWF + SWF.replace("3600", "-2"), "t:2: run: -2 is negative. Only -1 may be negative")
trace("text in a number's column", SWF + SWF.replace("3600", "1h"), "t:2: run: '1h' is not a number")
trace("1e300", SWF + SWF.replace("3600", "1e300"), "t:2: run: 1e+300 is too large")
trace("a line of 10 MB", SWF + "1" * (10 * MIB) + "\n", "t:2: the line is longer than 1048576 bytes")
trace("two wrong lines", SWF + "x\ny\n", "t:2: job: 'x' is not a number", "t:3: job: 'y' is not a number")
trace("only comments", "; nothing\n", "t: holds no job")
trace("empty file", "", "t:1: the file is empty")
trace("no format", "hello\n", "t:1: no known trace format. Known: SWF")
trace("truncated gzip", gzip.compress((SWF * 1000).encode())[:-9], "t: the gzip archive ends too early")
trace("sacct without Submit", "JobID|ElapsedRaw\n1|60\n", "t:1: Submit: the column is missing")
trace("sacct with a bad date", SACCT + "1|2024-02-30T00:00:00|00:01:00|\n",
      "t:2: Submit: '2024-02-30T00:00:00' is no time")
trace("sacct with an unknown date", SACCT + "1|Unknown|00:01:00|\n", "t:2: Submit: is not known")
trace("sacct, elapsed 1-99", SACCT + "1|2024-01-01T00:00:00|1-99|\n", "t:2: Elapsed: '1-99' is no duration")
trace("sacct, memory a core", SACCT + "1|2024-01-01T00:00:00|00:01:00|4Gc\n",
      "t:2: ReqMem: '4Gc' is no memory of a whole job")
trace("sacct, a line cut off", SACCT + "1|2024-01-01T00:00:00\n", "t:2: 2 cells where the header has 4")
trace("a pod deleted before it was scheduled", PODS + "1,1,0,0,5,6\n", "t:2: deletion_time: lies before scheduled_time")
trace("a pod with half a GPU less than none", PODS + "1,1,-0.5,0,9,6\n", "t:2: num_gpu: '-0.5' is not a number >= 0")
trace("a request on an impossible day", REQUESTS + "2024-11-31 00:00:00,3\n",
      "t:2: gmt_create: '2024-11-31 00:00:00' is no")
trace("UTF-16", SWF.encode("utf-16"), "t:1:1: byte 0xff is not UTF-8. It looks like UTF-16")
case("trace: a file that is not there", files(), INFO, "t: cannot be opened")
case("trace: a folder", lambda folder: (folder / "t").mkdir(), INFO, "t: is a directory")
case("trace: unknown zone", files(t=REQUESTS + "2024-11-30 00:00:00,3\n"), [*INFO, "--zone", "Asia/Shanghia"],
     "'Asia/Shanghia' is no time zone known to this system")
case("trace: an hour that is skipped", files(t=REQUESTS + "2024-03-10 02:30:00,3\n"),
     [*INFO, "--zone", "America/New_York"],
     "t:2: gmt_create: '2024-03-10 02:30:00' is skipped or repeated by the zone America/New_York. Write the times in UTC")
case("trace: without --as", files(t=SWF), ["judge", "./t", "--from", "shanghai", "--atlas", CHINA],
     "./t: is a trace, and a trace lacks what only a class knows")
case("trace: unknown class", files(t=SWF), [*AS[:5], "nonesuch", *AS[6:]], "'nonesuch' is no preset, file or trace")
case("trace: a class that is wrong", files(t=SWF, w__toml=HEAD), AS, "w.toml:1: server_hours: is missing")
case("trace: wrong lines", files(t=SWF + "x\n", w__toml=WORK), AS, "./t:2: job: 'x' is not a number")
case("trace: a class with an unknown server", files(t=SWF, w__toml=WORK.replace("cpu-server", "cpu")), AS,
     "w.toml: server: 'cpu' is not in this atlas")
case("trace: --as with a workload", files(w__toml=WORK), [*JUDGE, "--as", "./w.toml"], "no known trace format")

# --- Flags.


def flags(name, *arguments_and_fragment):
    *arguments, fragment = arguments_and_fragment
    case("flags: " + name, files(w__toml=WORK), [*JUDGE, *arguments], fragment)


case("flags: unknown region", files(w__toml=WORK), ["judge", "./w.toml", "--from", "shangai", "--atlas", CHINA],
     "--from: 'shangai' is no region of this atlas. Did you mean shanghai?")
flags("unknown site", "--to", "guain", "--to: 'guain' is no site of this atlas. Did you mean guian?")
flags("fewer draws than none", "--draws", "-1", "--draws")
flags("more draws than memory holds", "--draws", "1000001", "--draws")
flags("a seed that is no number", "--seed", "soon", "--seed")
for flag in ("--draws", "--seed"):
    case(f"flags: {flag} with a trace", files(t=SWF, w__toml=WORK),
         ["judge", "./t", "--from", "shanghai", "--as", "./w.toml", "--atlas", CHINA, flag, "300"],
         "./t: --draws and --seed go with a workload")
for text, reason in {
        "": "is no assignment", "x": "is no assignment", "sites.guian": "is no assignment", "=5": "is no assignment",
        "sites.guian.server_use": "is no assignment", "sites.guian.server_use=": "server_use: a value is required",
        "sites.guian.server_use=half": "server_use: 'half' is not a number",
        "sites.guian.server_use=60": "A share of 60 % is 0.6.",
        "sites.guian.sever_use=0.5": "'sever_use' is no field of sites that can be set. Did you mean server_use?",
        "sites.guian.id=other": "'id' is no field of sites that can be set",
        "sites.guain.server_use=0.5": "'guain' is not in sites. Did you mean guian?",
        "places.guian.server_use=0.5": "'places' is no table. ",
        "citations.guian.low=0.5": "'citations' is no table",
        "sites.guian.grid=atlantis": "'atlantis' is not in grids",
        "networks.ccn-gold-1g.mode=courier": "the offer ccn-gold-1g lacks columns of its mode",
        "atlas.china.currency=USD": "'currency' is no field of atlas that can be set",
        "workloads.other.data_in_gb=1": "'other' is not the workload that is asked. Write workloads.w.FIELD=VALUE.",
        "workloads.w.data_in_gb=-1": "data_in_gb: -1 is out of range",
        "workloads.w": "is not the workload that is asked"}.items():
    flags(f"--set {text}", "--set", text, reason)
case("flags: --set for a workload where none is judged", files(), ["atlas", "check", "--atlas", CHINA, "--set",
     "workloads.film-render.data_in_gb=1"], "--set workloads.film-render.data_in_gb=1: ")
for verb in (["weather", "guian"], ["pue", "guian"], ["rates", "guian"]):
    case(f"flags: --set for a workload with {verb[0]}", files(), [*verb, "--atlas", CHINA, "--set",
         "workloads.film-render.data_in_gb=1"], "no workload is judged here")
for basis in ("rented=-1", "rented=abc", "rented=", "rented=nan", "rented=1e308", "rented", "auto", "free"):
    flags(f"--home {basis}", "--home", basis, f"--home: '{basis}' is no basis. Give sunk, built, or rented=RATE")
flags("--away free", "--away", "free", "--away: 'free' is no basis. Give auto, sunk, built, or rented=RATE")
for price in ("-1", "nan", "inf", "1e308", "dear"):
    flags(f"--carbon-price {price}", "--carbon-price", price, "--carbon-price")
    flags(f"--water-price {price}", "--water-price", price, "--water-price")
flags("unknown flag", "--form", "shanghai", "--form")
case("flags: no region", files(w__toml=WORK), JUDGE[:2], "--from is required")
case("flags: unknown verb", files(), ["jugde", "film-render"], "jugde")
case("flags: no verb", files(), [], "subcommand is required")
case("flags: unknown part of a verb", files(), ["atlas", "chekc"], "chekc")
case("flags: unknown table", files(), ["atlas", "show", "sits", "--atlas", CHINA], "'sits' is no table")
case("flags: unknown row", files(), ["atlas", "show", "sites", "guain", "--atlas", CHINA], "'guain'")
case("flags: a report into no folder", files(w__toml=WORK), [*JUDGE, "--report", "no/a.html"], "no/a.html: cannot be written")
case("flags: a report over a folder", files(), ["atlas", "show", "--atlas", CHINA, "--report", "."], ".: is there and is no file")
case("flags: fields of an unknown table", files(), ["atlas", "fields", "sits", "--atlas", CHINA], "'sits' is no table")

FILL = ["fill", "zhongwei", "--class", "./w.toml", "--atlas", CHINA]


def fills(name, *arguments_and_fragment):
    *arguments, fragment = arguments_and_fragment
    case("fill: " + name, files(w__toml=WORK), [*FILL, *arguments], fragment)


case("fill: no site", files(), ["fill"], "site is required")
case("fill: unknown site", files(w__toml=WORK), ["fill", "zhongwi", *FILL[2:]],
     "SITE: 'zhongwi' is no site of this atlas. Did you mean zhongwei?")
case("fill: unknown preset", files(), ["fill", "zhongwei", "--class", "film-rendrr", "--atlas", CHINA],
     "'film-rendrr' is no preset")
case("fill: a class without a file", files(), ["fill", "zhongwei", "--class", "./none.toml", "--atlas", CHINA], "./none.toml")
case("fill: a class that is broken", files(w__toml=WORK.replace("24", "-24")), FILL, "w.toml:5")
case("fill: a class twice", files(w__toml=WORK), [*FILL, "--class", "./w.toml"], "--class: 'w' is there twice")
fills("unknown region", "--from", "shangai", "--from: 'shangai' is no region of this atlas. Did you mean shanghai?")
fills("unknown server", "--server", "cpu-servr", "--server: 'cpu-servr' is no server type of this atlas. Did you mean cpu-server?")
for idle in ("0", "-4", "nan", "inf", "four", "4MW"):
    fills(f"--idle {idle}", f"--idle={idle}", f"--idle: '{idle}' is no number above 0")
fills("more idle than built", "--idle", "523", "--idle: 523 MW cannot stand idle where 522.25 MW were built")
fills("--home auto", "--home", "auto", "--home: 'auto' is no basis. Give sunk, built, or rented=RATE")
fills("--carbon-price nan", "--carbon-price", "nan", "--carbon-price")
fills("--top 0", "--top", "0", "--top")
fills("--set of another class", "--set", "workloads.film-render.data_in_gb=1",
      "--set workloads.film-render.data_in_gb=1: 'film-render' is not the workload that is asked")
fills("--set out of range", "--set", "workloads.w.data_in_gb=-1", "data_in_gb: -1 is out of range")

# --- What the cases start from is good: exit code 0 or 1.

GOODS = []  # (name, prepare(folder), arguments)


def good(name, prepare, arguments):
    GOODS.append((name, prepare, [str(argument) for argument in arguments]))


good("the atlas", copy_china, ATLAS)
good("rows that were read and written again", rows_of("sites", lambda rows: None), ATLAS)
good("books", folder_of("books", sites="id,server_use\nguian,0.5\n"), BOOKS)
good("a workload", files(w__toml=WORK), JUDGE)
good("a certification that nobody has", files(w__toml=WORK + 'requires = ["nonesuch"]\n'), JUDGE)
good("a rented home", files(w__toml=WORK), [*JUDGE, "--home", "rented=3.2", "--carbon-price", "50"])
good("two values set", files(w__toml=WORK), [*JUDGE, "--set", "sites.guian.server_use=0.6", "--set",
                                             "workloads.w.data_in_gb=5"])
good("a site to fill", files(w__toml=WORK), [*FILL, "--idle", "4", "--set", "workloads.w.data_in_gb=5"])
good("SWF", files(t=SWF), INFO)
good("sacct", files(t=SACCT + "1|2024-01-01T00:00:00|1-00:01:39|4G\n"), INFO)
good("pods", files(t=PODS + "1,1,0.5,0,9,6\n"), INFO)
good("requests", files(t=REQUESTS + "2024-11-30 00:00:00,3\n"), INFO)
good("a trace that is judged", files(t=SWF, w__toml=WORK), AS)

# --- Counting: every problem is listed, up to a hundred; the rest are counted. (name, prepare, lines, more)

COUNTS = [
    ("three broken cells are three lines",
     rows_of("sites", put_cells((1, "rack_fill", "2"), (1, "power_price_mode", "ice"), (5, "green_share", "half"))), 3, 0),
    ("31 regions with 4 broken cells each: a hundred lines, and 24 more", break_numbers("regions"), 100, 24),
    ("31 grids with 2 broken cells each are counted with them", break_numbers("regions", "grids"), 100, 24 + 62),
]
