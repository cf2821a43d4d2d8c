"""The China atlas with an input-output table beside it that is made here, so that no large data are needed: 42 industries that buy
of themselves alone."""

import shutil

IO_TABLES = "id,year,figure_cny,file\nchina-2020,2020,1e10,io.csv\n"
CODES = [f"{k:02d}" for k in range(1, 43)]


def io_table(own, imported=5.0):
    """Each industry makes 100, of which it uses `own` itself."""
    added = 100 - own - imported
    sold = {"TC": 0.6 * (100 - own), "FU201": 0.3 * (100 - own), "FU202": 0.0, "EX": 0.1 * (100 - own)}
    abroad = {"TC": 1.0, "FU201": 1.0, "FU202": 0.0, "EX": 0.0} if imported else dict.fromkeys(sold, 0.0)
    lines = [",".join(["Code", "Description", "Origin", *CODES, "TIU", *sold, "TFU", "GO"])]
    for origin, use, final, out in (("Domestic", own, sold, 100.0), ("Imports", imported, abroad, imported + sum(abroad.values()))):
        for code in CODES:
            flows = [use if other == code else 0.0 for other in CODES]
            lines.append(",".join([code, f"industry {code}", origin, *map(str, [*flows, use, *final.values(), sum(final.values()), out])]))
    for code, amount in (("TII", own + imported), ("VA001", 0.5 * added), ("VA002", 0.1 * added), ("VA003", 0.2 * added),
                         ("VA004", 0.2 * added), ("TVA", added), ("TI", 100.0)):
        lines.append(",".join([code, code, "TOT", *[str(amount)] * len(CODES), *[""] * 7]))
    return "\n".join(lines) + "\n"


def write_world(china, atlas, table):
    """A copy of the atlas `china` in the folder `atlas`, with the table beside it."""
    shutil.copytree(china, atlas)
    (atlas / "io.csv").write_text(table, encoding="utf-8")
    (atlas / "io_tables.csv").write_text(IO_TABLES, encoding="utf-8")
